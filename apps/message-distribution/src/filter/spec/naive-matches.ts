import type { Attributes, Holds } from '../filter';

/** As the specification reads, from the JSON, one rule after the other. */
export function naiveMatches(filter: unknown, event: Attributes, holds: Holds): boolean {
  const [[dialect, said]] = Object.entries(filter as object) as [[string, unknown]];
  const parts = () => said as unknown[];
  switch (dialect) {
    case 'all':
      return !parts().some((part) => !naiveMatches(part, event, holds));
    case 'any':
      return parts().filter((part) => naiveMatches(part, event, holds)).length > 0;
    case 'not':
      return naiveMatches(said, event, holds) ? false : true;
    case 'vaerdiliste': {
      const { attribut, uuid } = said as { attribut: string; uuid: string };
      if (event[attribut] === undefined) return false;
      const whole = `${event[attribut] as string}`;
      const values = attribut === 'relateretobjekt' ? whole.split(',') : [whole];
      return values.findIndex((value) => holds(uuid, value)) >= 0;
    }
    default:
      for (const [name, given] of Object.entries(said as Record<string, string>)) {
        if (!Object.keys(event).includes(name) || event[name] === undefined) return false;
        const value = `${event[name] as string}`;
        const met =
          dialect === 'exact'
            ? value === given
            : dialect === 'prefix'
              ? value.slice(0, given.length) === given
              : value.length >= given.length && value.slice(value.length - given.length) === given;
        if (!met) return false;
      }
      return true;
  }
}
