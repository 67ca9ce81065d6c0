const DEFAULT_INSTALLATION = 'touchline';
const INSTALLATION = /^[a-z][a-z0-9_]{0,30}$/;

export interface PlaceOptions {
  /** Beginning of the name of the schema, which ends with that of the installation. */
  readonly kind: string;
  /** Makes the error for an address that cannot be used, of words that say what is wrong with it. */
  readonly invalid: (why: string) => Error;
}

/** Where one installation keeps something in a database. */
export class Place {
  /** `postgres://user:password@host:port/database` with the parameters that `pg` knows, and `schema`, which names the installation. */
  readonly url: string;
  readonly schema: string;
  /** Host, port and database: never who connects, nor with which password. */
  readonly name: string;

  constructor(url: string, { kind, invalid }: PlaceOptions) {
    const parsed = URL.parse(url);
    if (!parsed) throw invalid('it is no address of PostgreSQL');
    const { host, pathname, searchParams } = parsed;
    const installation = searchParams.get('schema') ?? DEFAULT_INSTALLATION;
    if (!INSTALLATION.test(installation))
      throw invalid('schema takes up to 31 small letters, digits and _, a letter first');
    this.url = url;
    this.schema = `${kind}_${installation}`;
    this.name = `${host || (searchParams.get('host') ?? 'localhost')}${pathname}`;
  }
}
