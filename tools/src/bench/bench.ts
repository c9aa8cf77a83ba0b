import type { Child } from './child';
import { DatabaseCpu } from './database-cpu';
import type { LoadCalls } from './load-generator';
import { Place } from './place';
import { type Pace, Rounds } from './rounds';
import { Stock } from './stock';

export interface Size extends Pace {
  /** Things in the large stock, step by step; the last is what most figures are taken at. */
  readonly steps: readonly number[];
  /** Things in the small stock. */
  readonly small: number;
  /** Facts of each thing. */
  readonly facts: number;
  /** With a server that is set up for many rows. */
  readonly isLong?: boolean;
}

/** What the chapters share. Stocks are filled when the first one asks for them. */
export class Bench {
  private stocks: Promise<{ small: Stock; large: Stock }> | undefined;

  private constructor(
    readonly place: Place,
    readonly size: Size,
    readonly generator: Child<LoadCalls>,
    readonly databaseCpu: DatabaseCpu,
    readonly rounds: Rounds,
  ) {}

  static async open(size: Size, profile?: string): Promise<Bench> {
    const place = await Place.open(profile);
    try {
      if (size.isLong) await place.forMany();
      const generator = await place.generator();
      const databaseCpu = await DatabaseCpu.of(place.url);
      return new Bench(place, size, generator, databaseCpu, new Rounds(generator, databaseCpu, size));
    } catch (cause) {
      await place.close();
      throw cause;
    }
  }

  get largest(): number {
    return this.size.steps.at(-1)!;
  }

  /** Both empty at first. */
  open(): Promise<{ small: Stock; large: Stock }> {
    return (this.stocks ??= (async () => ({
      small: await Stock.open(this.place, 'small', this.size.facts),
      large: await Stock.open(this.place, 'large', this.size.facts),
    }))());
  }

  async large(): Promise<Stock> {
    const { large } = await this.open();
    await large.growTo(this.largest);
    return large;
  }

  close(): Promise<void> {
    return this.place.close();
  }
}
