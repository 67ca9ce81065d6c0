/** An exact decimal number: `units` divided by ten to the power of `scale`. Floats would lose cents in sums. */
export interface Decimal {
  readonly units: bigint;
  readonly scale: number;
}

const SHAPE = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?$/;
const MAX_EXPONENT = 100;

/** Reads `12`, `-3.50`, `4.4e-16`; nothing when the text is not a number in plain or scientific notation. */
export function parseDecimal(text: string): Decimal | undefined {
  const [, sign, whole = '', fraction = '', exponentText = '0'] = SHAPE.exec(text.trim()) ?? [];
  const exponent = Number(exponentText);
  if (sign === undefined || whole + fraction === '' || Math.abs(exponent) > MAX_EXPONENT) return undefined;
  const units = BigInt(`${sign === '-' ? '-' : ''}${whole}${fraction}`);
  const scale = fraction.length - exponent;
  return scale >= 0 ? { units, scale } : { units: units * 10n ** BigInt(-scale), scale: 0 };
}

/**
 * The same number with `scale` digits after the point. Nothing when digits would be lost, unless `round`: then to
 * the nearest, halves away from zero.
 */
export function rescale(value: Decimal, scale: number, round: boolean): Decimal | undefined {
  if (value.scale <= scale) return { units: value.units * 10n ** BigInt(scale - value.scale), scale };
  const divisor = 10n ** BigInt(value.scale - scale);
  if (value.units % divisor === 0n) return { units: value.units / divisor, scale };
  if (!round) return undefined;
  const half = value.units < 0n ? -divisor / 2n : divisor / 2n;
  return { units: (value.units + half) / divisor, scale };
}

/** `-3.50`: with exactly `scale` digits after the point. */
export function formatDecimal({ units, scale }: Decimal): string {
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  return `${units < 0n ? '-' : ''}${whole}${scale > 0 ? `.${digits.slice(-scale)}` : ''}`;
}
