export type DataFolderErrorCode =
  | 'data-folder-in-use'
  | 'data-folder-unusable'
  | 'data-folder-read-only'
  | 'data-folder-full';

/** The data folder cannot be used. The message says what is wrong and what to do, for whoever starts Touchline. */
export class DataFolderError extends Error {
  override readonly name = 'DataFolderError';
  readonly isRetryable = false;
  readonly code: DataFolderErrorCode;

  constructor(code: DataFolderErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
