type Words = readonly [string, ...string[]];

/** Family and given names with how they are written in Latin letters. All people are made up. */
export const FAMILY_NAMES: readonly [readonly [string, string], ...(readonly [string, string])[]] = [
  ['王', 'wang'],
  ['李', 'li'],
  ['张', 'zhang'],
  ['刘', 'liu'],
  ['陈', 'chen'],
  ['杨', 'yang'],
  ['黄', 'huang'],
  ['赵', 'zhao'],
  ['吴', 'wu'],
  ['周', 'zhou'],
  ['徐', 'xu'],
  ['孙', 'sun'],
  ['马', 'ma'],
  ['朱', 'zhu'],
  ['胡', 'hu'],
  ['林', 'lin'],
  ['郭', 'guo'],
  ['何', 'he'],
  ['高', 'gao'],
  ['罗', 'luo'],
  ['欧阳', 'ouyang'],
  ['上官', 'shangguan'],
];

export const GIVEN_NAMES: readonly [readonly [string, string], ...(readonly [string, string])[]] = [
  ['伟', 'wei'],
  ['芳', 'fang'],
  ['娜', 'na'],
  ['敏', 'min'],
  ['静', 'jing'],
  ['丽', 'li'],
  ['强', 'qiang'],
  ['磊', 'lei'],
  ['洋', 'yang'],
  ['艳', 'yan'],
  ['勇', 'yong'],
  ['杰', 'jie'],
  ['秀英', 'xiuying'],
  ['建国', 'jianguo'],
  ['晓明', 'xiaoming'],
  ['雨桐', 'yutong'],
  ['子轩', 'zixuan'],
  ['思远', 'siyuan'],
  ['婷婷', 'tingting'],
  ['海燕', 'haiyan'],
  ['文博', 'wenbo'],
  ['佳怡', 'jiayi'],
];

export const ENGLISH_FIRST: Words = [
  'Emma',
  'Liam',
  'Olivia',
  'Noah',
  'Ava',
  'Mia',
  'Ethan',
  'Grace',
  'Henry',
  'Ruth',
  'Oscar',
  'Priya',
  'Diego',
  'Fatima',
  'Kwame',
  'Ingrid',
  'Tomas',
  'Yuki',
];

export const ENGLISH_LAST: Words = [
  'Carter',
  'Brooks',
  'Hayes',
  'Morgan',
  'Ellis',
  'Flores',
  'Okafor',
  'Novak',
  'Lindqvist',
  'Patel',
  'Murphy',
  'Rossi',
  'Schmidt',
  'Tanaka',
  'Haddad',
  'Kowalski',
];

export const CHINESE_COMPANIES: Words = ['餐饮', '酒店', '物业', '贸易', '幼儿园', '健身', '医疗', '食品'];
export const ENGLISH_COMPANIES: Words = [
  'Catering',
  'Hotels',
  'Fitness',
  'Trading',
  'Clinics',
  'Foods',
  'Studios',
];

/** City, its name in Latin letters, province, beginning of the postal code. */
export const CITIES: readonly [readonly [string, string, string], ...(readonly [string, string, string])[]] =
  [
    ['杭州', '浙江', '3100'],
    ['宁波', '浙江', '3150'],
    ['上海', '上海', '2000'],
    ['苏州', '江苏', '2150'],
    ['南京', '江苏', '2100'],
    ['北京', '北京', '1000'],
    ['广州', '广东', '5100'],
    ['深圳', '广东', '5180'],
    ['成都', '四川', '6100'],
    ['武汉', '湖北', '4300'],
  ];

export const DISTRICTS: Words = [
  '西湖区',
  '滨江区',
  '余杭区',
  '鼓楼区',
  '朝阳区',
  '天河区',
  '武侯区',
  '高新区',
];
export const STREETS: Words = [
  '文一路',
  '解放路',
  '中山路',
  '人民路',
  '建设大道',
  '学院路',
  '和平里',
  '桂花街',
];
export const ENGLISH_CITIES: Words = ['Springfield', 'Riverton', 'Lakewood', 'Fairview', 'Ashland', 'Milton'];
export const ENGLISH_STREETS: Words = [
  'Maple Street',
  'Oak Avenue',
  'Mill Road',
  'Harbor Lane',
  'Station Road',
];

/** Staff, as they appear as agents. */
export const STAFF: readonly [{ id: string; name: string }, ...{ id: string; name: string }[]] = [
  { id: 'E-1007', name: '沈佳' },
  { id: 'E-1012', name: '韩梅' },
  { id: 'E-1023', name: '钱多' },
  { id: 'E-1031', name: 'Anna Berg' },
  { id: 'E-1040', name: '许志强' },
  { id: 'E-1052', name: '唐甜' },
  { id: 'E-1066', name: 'Paul Chen' },
  { id: 'E-1078', name: '冯刚' },
];
