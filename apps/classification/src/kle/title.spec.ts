import { oneLine, saysExpired, typographicKey, withoutExpiry } from './title';

describe('the suffix that says a number has expired', () => {
  it.each([
    ['Delpension [udgået]', 'Delpension'],
    ['Delpension [udgået] ', 'Delpension'],
    ['Udbud (udbudsstrategi) [udgået]. ', 'Udbud (udbudsstrategi)'],
    ['Delpension[Udgået]', 'Delpension'],
  ])('%j → %j', (titel, without) => {
    expect(saysExpired(titel)).toBe(true);
    expect(withoutExpiry(titel)).toBe(without);
  });

  it.each([
    'Særlig ydelse [Udgår 2015]',
    'Sporanlæg [udgår 2015]',
    '[udgået] plan, tilsyn',
    'Udgået materiel',
  ])('leaves %j alone', (titel) => {
    expect(saysExpired(titel)).toBe(false);
    expect(withoutExpiry(titel)).toBe(titel);
  });
});

describe('oneLine', () => {
  it('takes away padding and line breaks, and no other blanks', () => {
    expect(oneLine(' \n\tAdministrativ organisering og  kompetencefordeling ')).toBe(
      'Administrativ organisering og  kompetencefordeling',
    );
    expect(oneLine('LBK om\r\n\t\tlån')).toBe('LBK om lån');
  });
});

describe('typographicKey', () => {
  it.each([
    ['skoler – bidrag', 'skoler - bidrag'],
    ['skoler\u00a0- bidrag', 'skoler — bidrag'],
    ['materiel/ køretøjer', 'materiel/køretøjer'],
    ['organisering og  fordeling', 'organisering og fordeling'],
    ['»Kommunens« styrelse', '"Kommunens" styrelse'],
    ['borgerens ‘valg’', "borgerens 'valg'"],
    ['Bo\u0308rn', 'Börn'],
    ['mv…', 'mv...'],
  ])('%j and %j differ only typographically', (a, b) => {
    expect(typographicKey(a)).toBe(typographicKey(b));
  });

  it.each([
    ['låneoptagelse', 'lånoptagelse'],
    ['Kommunens styrelse', 'kommunens styrelse'],
    ['dag tilbud', 'dagtilbud'],
    ['materiel og køretøjer', 'materiel/køretøjer'],
    ['', '-'],
  ])('%j and %j differ', (a, b) => {
    expect(typographicKey(a)).not.toBe(typographicKey(b));
  });
});
