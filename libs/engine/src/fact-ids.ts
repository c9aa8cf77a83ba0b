import type { Database } from '@stoettesystemer/postgres';

const BLOCK = 1000;

/** Ids for facts, drawn a thousand at a time so that a write knows them without asking. */
export class FactIds {
  private blocks: { next: number; end: number }[] = [];
  private drawing: Promise<void> | null = null;

  constructor(private readonly database: Database) {}

  async take(count: number): Promise<number[]> {
    while (this.left() < count) await this.draw(Math.ceil((count - this.left()) / BLOCK));
    const ids: number[] = [];
    while (ids.length < count) {
      const block = this.blocks[0]!;
      ids.push(block.next++);
      if (block.next === block.end) this.blocks.shift();
    }
    return ids;
  }

  private left(): number {
    return this.blocks.reduce((sum, { next, end }) => sum + end - next, 0);
  }

  /** One draw at a time: those who wait share what it brings. */
  private draw(blocks: number): Promise<void> {
    this.drawing ??= this.fetch(blocks).finally(() => (this.drawing = null));
    return this.drawing;
  }

  private async fetch(blocks: number): Promise<void> {
    const { rows } = await this.database.run(
      { owner: null },
      {
        name: 'fact-block',
        text: `select nextval('fact_block') as block from generate_series(1, $1::int)`,
        values: [blocks],
      },
    );
    for (const { block } of rows)
      this.blocks.push({ next: Number(block) * BLOCK, end: (Number(block) + 1) * BLOCK });
  }
}
