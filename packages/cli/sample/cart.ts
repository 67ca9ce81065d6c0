import type { Diary } from './diary.ts';
import { PRODUCTS, type Product } from './words/products.ts';

/** What is bought, offered or left lying. */
export interface Cart {
  readonly products: readonly [Product, ...Product[]];
  readonly items: readonly Readonly<Record<string, unknown>>[];
  /** Smallest units of the customer's currency. */
  readonly total: number;
}

/** Fills a cart with one to three articles; organisations take several of each. */
export function fillCart(diary: Diary, discountPercent = 0): Cart {
  const { random, customer } = diary;
  const first = random.pick(PRODUCTS);
  const rest = Array.from({ length: random.whole(0, 2) }, () => random.pick(PRODUCTS));
  const products: [Product, ...Product[]] = [first, ...rest.filter((product) => product !== first)];
  let total = 0;
  const items = products.map((product) => {
    const quantity = customer.kind === 'organisation' ? random.whole(2, 12) : 1;
    const amount = Math.round((product.price[customer.currency] * quantity * (100 - discountPercent)) / 100);
    total += amount;
    return { sku: product.sku, name: product[customer.language], quantity, amount: diary.money(amount) };
  });
  return { products, items, total };
}
