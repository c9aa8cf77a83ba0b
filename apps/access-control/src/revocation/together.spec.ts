import { Ting } from '@stoettesystemer/testing';
import { twoServices } from '../spec/two-services';

test('behind one port, with nothing said: keys and revocations are there when the port is', async () => {
  const { address, metrics, lines, close } = await twoServices('proeve', [Ting]);
  try {
    for (const prefix of ['adgangsstyring', 'proeve']) {
      const ready = await fetch(`${address}/${prefix}/sundhed/klar`);
      expect([prefix, ready.status]).toEqual([prefix, 200]);
      const heard = new RegExp(`^revocations_age_seconds\\{service="${prefix}"\\} \\d`, 'm');
      expect(await metrics.text()).toMatch(heard);
    }
    expect(lines).toEqual([]);
  } finally {
    await close();
  }
});
