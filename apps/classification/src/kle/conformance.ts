import type { Content, Grammar, Item } from './content-model';
import type { FaultList, Position } from './fault';

/** An element that is open. */
export interface Frame {
  readonly name: string;
  readonly at: Position;
  content: Content;
  /** What stands in the path: the name, with the KLE number once it is known. */
  label: string;
  readonly counts: Map<string, number>;
  /** Its place in the schema's order that the element has come to. */
  next: number;
  readonly isIgnored: boolean;
  hasStrayText: boolean;
}

const items = (content: Content): readonly Item[] => ('items' in content ? content.items : []);
const tag = (name: string): string => `<${name}>`;

/** Holds a document against its schema, element by element, and goes on after each fault. */
export class Conformance {
  private readonly frames: Frame[] = [];
  private grammar: Grammar = new Map();

  constructor(
    private readonly faults: FaultList,
    /** Whether what is missing is only worth a warning. */
    private readonly isLenient: boolean,
  ) {}

  get depth(): number {
    return this.frames.length;
  }

  get top(): Frame | undefined {
    return this.frames.at(-1);
  }

  /** The names of the open elements, outermost first. */
  get path(): string {
    return this.frames.map(({ label }) => `/${label}`).join('');
  }

  /** Goes by this schema from here on; the document may show only on its way which one is its own. */
  adopt(grammar: Grammar): void {
    this.grammar = grammar;
    for (const frame of this.frames) frame.content = grammar.get(frame.name) ?? frame.content;
  }

  open(name: string, at: Position): Frame {
    const parent = this.top;
    const isKnown = !parent || this.admits(parent, name, at);
    const isFree = !isKnown || parent?.content.kind === 'open';
    const frame: Frame = {
      name,
      at,
      content: (isFree ? undefined : this.grammar.get(name)) ?? { kind: 'open' },
      label: name,
      counts: new Map(),
      next: 0,
      isIgnored: !isKnown || parent?.isIgnored === true,
      hasStrayText: false,
    };
    this.frames.push(frame);
    return frame;
  }

  /** Text that is not only blanks, where the schema has elements. */
  strayText(at: () => Position): void {
    const frame = this.top;
    if (!frame || frame.hasStrayText || !['sequence', 'choice'].includes(frame.content.kind)) return;
    frame.hasStrayText = true;
    this.faults.add('tekst', at(), this.path, `${tag(frame.name)} må ikke indeholde løs tekst`);
  }

  /** Closes the innermost element. `text` is its text where it holds nothing else. */
  close(text: string): void {
    const frame = this.top;
    if (!frame) return;
    if (!frame.isIgnored) this.complete(frame, text);
    this.frames.pop();
  }

  private admits(parent: Frame, name: string, at: Position): boolean {
    const { content } = parent;
    if (content.kind === 'open') return true;
    const index = items(content).findIndex((item) => item.name === name);
    const item = items(content)[index];
    if (!item) {
      this.faults.add('ukendt_element', at, this.path, `${tag(name)} er ikke tilladt i ${tag(parent.name)}`);
      return false;
    }
    if (content.kind === 'sequence') this.inOrder(parent, content, index, at);
    const count = (parent.counts.get(name) ?? 0) + 1;
    if (content.kind === 'choice' && parent.counts.size > 0)
      this.faults.add('antal', at, this.path, `${tag(parent.name)} må kun indeholde ét element`);
    else if (count > item.max && count === item.max + 1)
      this.faults.add(
        'antal',
        at,
        this.path,
        `${tag(parent.name)} må højst indeholde ${item.max} ${tag(name)}`,
      );
    parent.counts.set(name, count);
    return true;
  }

  private inOrder(parent: Frame, content: Content & { kind: 'sequence' }, index: number, at: Position): void {
    if (index >= parent.next) {
      parent.next = index;
      return;
    }
    const isComplete = content.items.every(({ name, min }) => (parent.counts.get(name) ?? 0) >= min);
    if (content.repeats && isComplete) {
      parent.counts.clear();
      parent.next = index;
      return;
    }
    const [name, later] = [content.items[index]?.name ?? '', content.items[parent.next]?.name ?? ''];
    this.faults.add('raekkefoelge', at, this.path, `${tag(name)} skal stå før ${tag(later)}`);
  }

  private complete(frame: Frame, text: string): void {
    const { content } = frame;
    if (content.kind === 'text') {
      const fault = content.check(text);
      if (fault) this.faults.add('vaerdi', frame.at, this.path, `${tag(frame.name)} ${fault}`);
    } else if (content.kind === 'choice' && frame.counts.size === 0) {
      const names = content.items.map(({ name }) => tag(name)).join(' eller ');
      this.faults.add('mangler', frame.at, this.path, `${tag(frame.name)} mangler ${names}`);
    } else if (content.kind === 'sequence') {
      for (const item of content.items) this.enough(frame, item);
    }
  }

  private enough(frame: Frame, { name, min, essential }: Item): void {
    const count = frame.counts.get(name) ?? 0;
    if (count >= min) return;
    const besked =
      min === 1
        ? `${tag(frame.name)} mangler ${tag(name)}`
        : `${tag(frame.name)} skal indeholde ${min} ${tag(name)}, her er ${count}`;
    if (this.isLenient && !essential) this.faults.warn(frame.at, this.path, besked);
    else this.faults.add('mangler', frame.at, this.path, besked);
  }
}
