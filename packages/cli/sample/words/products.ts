/** What the made-up company sells. */
export interface Product {
  readonly sku: string;
  readonly zh: string;
  readonly en: string;
  /** Smallest unit of the currency: fen, cents. */
  readonly price: { readonly CNY: number; readonly USD: number };
  readonly isInstalled: boolean;
}

export const PRODUCTS: readonly [Product, ...Product[]] = [
  product('QQ-RO-600', '清泉 RO-600 净水器', 'Qingquan RO-600 water purifier', 219_900, 32_900, true),
  product('QQ-RO-800', '清泉 RO-800 净水器', 'Qingquan RO-800 water purifier', 299_900, 44_900, true),
  product('QQ-HOT-3', '清泉即热饮水机', 'Qingquan instant hot dispenser', 89_900, 13_900, false),
  product('QQ-SOFT-2', '清泉中央软水机', 'Qingquan whole-house softener', 689_900, 99_900, true),
  product('QQ-KET-17', '清泉电热水壶 1.7 升', 'Qingquan kettle 1.7 l', 19_900, 3_400, false),
  product('QQ-F-PP', 'PP 棉滤芯', 'PP sediment filter', 5_900, 1_200, false),
  product('QQ-F-CTO', '活性炭滤芯', 'Carbon block filter', 9_900, 1_900, false),
  product('QQ-F-RO', 'RO 膜滤芯', 'RO membrane', 39_900, 6_900, false),
  product('QQ-COF-5', '清泉半自动咖啡机', 'Qingquan espresso machine', 259_900, 38_900, false),
  product('QQ-TEA-1', '清泉煮茶器', 'Qingquan tea maker', 32_900, 5_200, false),
];

export const COMPETITORS: readonly [string, ...string[]] = ['碧涛', '沁源', 'AquaNord', 'PureBay'];

function product(
  sku: string,
  zh: string,
  en: string,
  CNY: number,
  USD: number,
  isInstalled: boolean,
): Product {
  return { sku, zh, en, price: { CNY, USD }, isInstalled };
}
