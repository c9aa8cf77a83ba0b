import type { Transaction } from '@stoettesystemer/postgres';

const BLOCK = 1000;

/** Ids for facts, drawn a thousand at a time so that a write rarely has to ask. */
export class FactIds {
  private blocks: { next: number; end: number }[] = [];

  /**
   * Draws on the connection that the write has already: to wait for another while holding an object would be to wait in
   * a ring, once every connection is held so. A block drawn by a transaction that is undone is good all the same.
   */
  async take(tx: Transaction, count: number): Promise<number[]> {
    while (this.left() < count) await this.draw(tx, Math.ceil((count - this.left()) / BLOCK));
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

  private async draw(tx: Transaction, blocks: number): Promise<void> {
    const { rows } = await tx.run({
      name: 'fact-block',
      text: `select nextval('fact_block') as block from generate_series(1, $1::int)`,
      values: [blocks],
    });
    for (const { block } of rows)
      this.blocks.push({ next: Number(block) * BLOCK, end: (Number(block) + 1) * BLOCK });
  }
}
