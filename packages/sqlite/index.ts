export {
  assertSetting,
  commitDurably,
  openReadOnly,
  ownerOf,
  SettingRefused,
  useWriteAheadLog,
} from './connection.ts';
export { isBusy, nativeCodeOf, type Trouble, troubleOf } from './trouble.ts';
