import { describe, expect, test } from 'vitest';
import { EventList } from './contract/event-list.ts';
import { foldPlainly } from './contract/household-histories.ts';
import { accounts, type HouseholdEvent, households, people } from './contract/households.ts';
import { letters } from './contract/letters.ts';
import { MemoryGeneration } from './contract/memory-generation.ts';
import { projectAll, RunningProjector, until } from './contract/projecting.ts';
import { Projector, parkedTable, type ReadModel, ReadStoreError, tablesOf } from './index.ts';

type Households = ReturnType<typeof households>;
const fixed = households();

function memory(readModel: ReadModel<never> = fixed as never): MemoryGeneration {
  return new MemoryGeneration(tablesOf(readModel));
}

function parked(generation: MemoryGeneration) {
  return generation.rows.contents()[parkedTable.name] ?? [];
}

/** The same read model, with a letter projection that does something else first. */
function withFold(before: Households['projections'][number]['fold']): Households {
  const [projection, ...others] = fixed.projections;
  if (projection === undefined) throw new Error('no projection');
  const fold: typeof projection.fold = (event, rows) => {
    before(event, rows);
    projection.fold(event, rows);
  };
  return { ...fixed, projections: [{ ...projection, fold }, ...others] };
}

describe('a parked customer', () => {
  test('has one row per data subject: what waits first, how much waits, and why', async () => {
    const generation = memory();
    const readModel = households({ failing: new Set([7]) });
    await projectAll({ readModel, generation, source: new EventList(letters(30)) });
    expect(parked(generation)).toEqual([
      {
        subject: 's1',
        list: 'parked',
        version: 1,
        position: 7,
        recordedAt: 1_007,
        waiting: 5,
        reason: 'Error: failing 7',
      },
    ]);
  });

  test('that fails again at a later event keeps what went well and tells the new reason', async () => {
    const generation = memory();
    const source = new EventList(letters(60));
    await projectAll({ readModel: households({ failing: new Set([7, 22]) }), generation, source });
    const projector = new Projector({
      readModel: households({ failing: new Set([22]) }),
      generation,
      source,
    });
    expect(await projector.retry('s1')).toEqual({ folded: 3, waiting: 8, reason: 'Error: failing 22' });
    expect(parked(generation)).toMatchObject([
      { position: 22, version: 4, waiting: 8, reason: 'Error: failing 22' },
    ]);
    expect(await projector.retry('s1')).toEqual({ folded: 0, waiting: 8, reason: 'Error: failing 22' });
    expect(await new Projector({ readModel: fixed, generation, source }).retry('s1')).toEqual({
      folded: 8,
      waiting: 0,
    });
    expect(generation.rows.contents()).toEqual(foldPlainly(letters(60)).contents());
  });

  test('that fails again at once shows the new reason', async () => {
    const generation = memory();
    const source = new EventList(letters(30));
    await projectAll({ readModel: households({ failing: new Set([7]) }), generation, source });
    const other = withFold(() => {
      throw new TypeError('something else');
    });
    expect((await new Projector({ readModel: other, generation, source }).retry('s1')).reason).toBe(
      'TypeError: something else',
    );
    expect(parked(generation)).toMatchObject([{ waiting: 5, reason: 'TypeError: something else' }]);
  });

  test('with more waiting events than fit a batch is folded batch by batch', async () => {
    const generation = memory();
    const source = new EventList(letters(500));
    await projectAll({ readModel: households({ failing: new Set([1]) }), generation, source });
    const positions: bigint[] = [];
    const limits = { maxBatchEvents: 10 };
    const onStep = ({ position }: { position: bigint }) => positions.push(position);
    const projector = new Projector({ readModel: fixed, generation, source, limits, onStep });
    expect(await projector.retry('s0')).toMatchObject({ waiting: 0 });
    expect(positions.length).toBeGreaterThan(9);
    expect(generation.rows.contents()).toEqual(foldPlainly(letters(500)).contents());
  });

  test('that nobody knows has nothing to fold', async () => {
    const projector = new Projector({
      readModel: fixed,
      generation: memory(),
      source: new EventList(letters(5)),
    });
    expect(await projector.retry('nobody')).toEqual({ folded: 0, waiting: 0 });
  });

  test('stays parked when the log does not hold its events any more', async () => {
    const generation = memory();
    await projectAll({
      readModel: households({ failing: new Set([7]) }),
      generation,
      source: new EventList(letters(30)),
    });
    const projector = new Projector({ readModel: fixed, generation, source: new EventList(letters(12)) });
    await expect(projector.retry('s1')).rejects.toMatchObject({ code: 'read-store-corrupt' });
    expect(parked(generation)).toMatchObject([{ subject: 's1', waiting: 5 }]);
  });

  test('is retried beside a running projector, which then folds what comes', async () => {
    const generation = memory();
    const source = new EventList(letters(30));
    await projectAll({ readModel: households({ failing: new Set([7]) }), generation, source });
    const running = new RunningProjector({ readModel: fixed, generation, source });
    source.append(...letters(30, { from: 31 }));
    await running.projector.retry('s1');
    source.append(...letters(40, { from: 61 }));
    await until(async () => (await generation.checkpoint()) === 100n, 'the log is folded');
    await running.end();
    expect(generation.rows.contents()).toEqual(foldPlainly(letters(100)).contents());
  });
});

describe('an event parks its customer, and everybody else goes on,', () => {
  test('when it asks for rows without end', async () => {
    const generation = memory();
    let asked = 0;
    const readModel = withFold((event, rows) => {
      if (event.position === 7n) for (;;) rows.get(accounts, `nobody ${asked++ % 100_000}`);
    });
    // With rows in the database: of an empty one the engine knows by itself what is not there.
    await projectAll({ readModel, generation, source: new EventList(letters(6)) });
    await projectAll({ readModel, generation, source: new EventList(letters(30)) });
    expect(parked(generation)).toMatchObject([{ subject: 's1', position: 7, waiting: 5 }]);
    expect(String(parked(generation)[0]?.reason)).toContain('asked more than 10000 times');
    expect(
      await new Projector({ readModel, generation, source: new EventList(letters(30)) }).retry('s1'),
    ).toMatchObject({ folded: 0, waiting: 5 });
  });

  test('when it looks without end at rows that are in memory', async () => {
    const generation = memory();
    const readModel = withFold((event, rows) => {
      if (event.position === 7n) for (;;) rows.get(accounts, 's1');
    });
    await projectAll({ readModel, generation, source: new EventList(letters(30)) });
    expect(parked(generation)).toMatchObject([{ subject: 's1', position: 7, waiting: 5 }]);
    expect(String(parked(generation)[0]?.reason)).toContain('looked at rows more than 300000 times');
  });

  test('when its routing asks for rows without end', async () => {
    const generation = memory();
    let asked = 0;
    const routing: Households['routing'] = {
      ...fixed.routing,
      fold(event, rows) {
        if (event.position === 7n) for (;;) rows.get(people, `nobody ${asked++}`);
        fixed.routing.fold(event, rows);
      },
    };
    await projectAll({ readModel: { ...fixed, routing }, generation, source: new EventList(letters(30)) });
    expect(parked(generation)).toMatchObject([{ subject: 's1', position: 7, waiting: 5 }]);
  });

  test('when its customer cannot be told', async () => {
    const generation = memory();
    const routing: Households['routing'] = {
      ...fixed.routing,
      customerOf(subject, rows) {
        if (subject === 's1') throw new Error('nobody can tell');
        return fixed.routing.customerOf(subject, rows);
      },
    };
    const readModel = withFold((event) => {
      if (event.position === 7n || event.position === 8n) throw new Error('failing');
    });
    await projectAll({
      readModel: { ...readModel, routing },
      generation,
      source: new EventList(letters(30)),
    });
    expect(parked(generation).map(({ subject, waiting }) => [subject, waiting])).toEqual([
      ['s1', 5],
      ['s2', 5],
    ]);
  });

  test.each<[string, (rows: Parameters<Households['routing']['fold']>[1]) => void]>([
    ['it reads a table that is not declared', (rows) => rows.get({ ...accounts, name: 'elsewhere' }, 's1')],
    [
      'it writes a table that is not declared',
      (rows) => rows.put({ ...accounts, name: 'elsewhere' }, {} as never),
    ],
    ['it reads by half a key', (rows) => rows.get(parkedTable)],
    ['it reads by what is no key', (rows) => rows.get(accounts, undefined as never)],
    ['it reads by text that no database can hold', (rows) => rows.get(accounts, '\ud800')],
    ['it lists by a column without an index', (rows) => rows.list(accounts, 'note', 'x')],
    ['it lists what is no value', (rows) => rows.list(people, 'household', null as never)],
  ])('when %s', async (_, misuse) => {
    const generation = memory();
    const readModel = withFold((event, rows) => {
      if (event.position === 7n) misuse(rows);
    });
    await projectAll({ readModel, generation, source: new EventList(letters(30)) });
    expect(parked(generation)).toMatchObject([{ subject: 's1', position: 7, waiting: 5 }]);
  });
});

test('prefetching that fails costs time and nothing else', async () => {
  const generation = memory();
  const routing: Households['routing'] = {
    ...fixed.routing,
    prefetch() {
      throw new Error('failing');
    },
  };
  await projectAll({ readModel: { ...fixed, routing }, generation, source: new EventList(letters(200)) });
  expect(generation.rows.contents()).toEqual(foldPlainly(letters(200)).contents());
});

describe('a routing that tells its rows anew', () => {
  const source = new EventList(letters(30));

  async function retried(foldAnew: Households['routing']['foldAnew']) {
    const generation = memory();
    await projectAll({ readModel: households({ failing: new Set([7]) }), generation, source });
    const readModel = { ...fixed, routing: { ...fixed.routing, foldAnew } } as Households;
    const outcome = await new Projector({ readModel, generation, source }).retry('s1');
    return { outcome, generation };
  }

  test('is given what it asks for, and what it answers is written before what waits is folded', async () => {
    const { outcome, generation } = await retried(async (subjects, { load, eventsOf }) => {
      expect(subjects).toEqual(['s1']);
      expect(await load([{ kind: 'row', table: parkedTable as never, key: ['s1'] }])).toMatchObject([
        [{ position: 7, waiting: 5 }],
      ]);
      const events = await eventsOf(subjects);
      expect(events.map(({ subject }) => subject)).toEqual(Array(6).fill('s1'));
      const rows = [{ subject: 'newcomer', household: 'newcomer' }];
      return [{ table: people as never, rows, deletes: [['s2']] }];
    });
    expect(outcome).toEqual({ folded: 5, waiting: 0 });
    const expected = foldPlainly(letters(30)).contents();
    const others = (expected.people ?? []).filter((row) => row.subject !== 's2');
    expect(generation.rows.contents()).toEqual({
      ...expected,
      people: expect.arrayContaining([...others, { subject: 'newcomer', household: 'newcomer' }]),
    });
    expect(generation.rows.contents().people).toHaveLength(others.length + 1);
  });

  test('may give each of those who wait another customer; all that waits is folded', async () => {
    const generation = memory();
    const joining = (event: HouseholdEvent): HouseholdEvent => ({ ...event, kind: 'join', other: 's0' });
    const history = letters(7, { people: 2 });
    const joined = new EventList(history.map((event) => (event.position === 2n ? joining(event) : event)));
    await projectAll({ readModel: households({ failing: new Set([3]) }), generation, source: joined });
    expect(parked(generation).map(({ subject }) => subject)).toEqual(['s0', 's1']);
    const apart = ['s0', 's1'].map((subject) => ({ subject, household: `${subject} alone` }));
    const foldAnew = async () => [{ table: people, rows: apart, deletes: [] }];
    const readModel = { ...fixed, routing: { ...fixed.routing, foldAnew } } as Households;
    const retried = await new Projector({ readModel, generation, source: joined }).retry('s1');
    expect(retried).toEqual({ folded: 5, waiting: 0 });
    expect(parked(generation)).toEqual([]);
  });

  test('is done without where it refuses, and the retry says that the past is not told', async () => {
    const { outcome, generation } = await retried(async () => {
      throw new ReadStoreError('repair-refused', 'too many');
    });
    expect(outcome).toEqual({ folded: 5, waiting: 0, pastKept: 'too many' });
    expect(generation.rows.contents()).toEqual(foldPlainly(letters(30)).contents());
  });

  test('that breaks off leaves the customer parked', async () => {
    const failure = new ReadStoreError('read-store-unavailable', 'gone');
    const generation = memory();
    await projectAll({ readModel: households({ failing: new Set([7]) }), generation, source });
    const foldAnew = () => Promise.reject(failure);
    const readModel = { ...fixed, routing: { ...fixed.routing, foldAnew } } as Households;
    await expect(new Projector({ readModel, generation, source }).retry('s1')).rejects.toBe(failure);
    expect(parked(generation)).toMatchObject([{ subject: 's1', position: 7, waiting: 5 }]);
  });
});
