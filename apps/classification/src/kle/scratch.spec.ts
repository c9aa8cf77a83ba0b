import fs from 'node:fs';
import { Readable } from 'node:stream';
import { readKle } from './read-kle';
import { InvalidKle, faultText } from './fault';
const info=(p:string)=>`<${p}AdministrativInfo><OprettetDato>1988-01-01</OprettetDato><RettetDato>2001-01-01</RettetDato><Historisk><Flyttet><FlyttetDato>2005-01-01</FlyttetDato><AfloestAf><EmneNr>01.01.01</EmneNr></AfloestAf><AfloestAf><GruppeNr>01.01</GruppeNr></AfloestAf></Flyttet></Historisk></${p}AdministrativInfo>`;
const info2=(p:string)=>`<${p}AdministrativInfo><OprettetDato>1988-01-01</OprettetDato><Historisk><UdgaaetDato>2005-01-01</UdgaaetDato></Historisk></${p}AdministrativInfo>`;
const vej=(p:string)=>`<${p}Vejledning><VejledningTekst><p>Hej <i>du</i> <b>der</b><ul><li>a</li><li>b <u>c</u></li></ul></p><p><ol><li>x</li></ol></p></VejledningTekst></${p}Vejledning>`;
const ret=(p:string)=>`<${p}RetskildeReference><RetskildeTitel>Lov</RetskildeTitel><ParagrafEllerKapitel>§ 1</ParagrafEllerKapitel><RetsinfoAccessionsNr>A1</RetsinfoAccessionsNr><RetskildeTitel>Lov 2</RetskildeTitel><RetsinfoAccessionsNr>A2</RetsinfoAccessionsNr></${p}RetskildeReference>`;
const fil=(p:string)=>`<${p}Filter><FilterTitel>D</FilterTitel><FilterTitel>E</FilterTitel></${p}Filter>`;
const emne=(n:string)=>`<Emne><EmneNr>${n}</EmneNr><EmneTitel>T</EmneTitel>${vej('Emne')}${ret('Emne')}${info('Emne')}<BevaringJaevnfoerArkivloven>K5</BevaringJaevnfoerArkivloven><SletningJaevnfoerPersondataloven>P1800D</SletningJaevnfoerPersondataloven>${fil('Emne')}</Emne>`;
const emneplan=`<KLE-Emneplan xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="KLE-Emneplan-version-2-0.xsd"><UdgivelsesDato>2015-08-01</UdgivelsesDato><Hovedgruppe><HovedgruppeNr>00</HovedgruppeNr><HovedgruppeTitel>H</HovedgruppeTitel>${vej('Hovedgruppe')}${info2('Hovedgruppe')}${fil('Hovedgruppe')}<Gruppe><GruppeNr>00.01</GruppeNr><GruppeTitel>G</GruppeTitel>${vej('Gruppe')}${ret('Gruppe')}${info2('Gruppe')}${fil('Gruppe')}${emne('00.01.00')}${emne('00.01.01')}</Gruppe></Hovedgruppe></KLE-Emneplan>`;
const fac=(n:string)=>`<Handlingsfacet><HandlingsfacetNr>${n}</HandlingsfacetNr><HandlingsfacetTitel>F</HandlingsfacetTitel><BevaringJaevnfoerArkivloven>B</BevaringJaevnfoerArkivloven>${vej('Handlingsfacet')}${ret('Handlingsfacet')}${info2('Handlingsfacet')}${fil('Handlingsfacet')}</Handlingsfacet>`;
const kat=(n:string)=>`<HandlingsfacetKategori><HandlingsfacetKategoriNr>${n}</HandlingsfacetKategoriNr><HandlingsfacetKategoriTitel>K</HandlingsfacetKategoriTitel>${vej('HandlingsfacetKategori')}${info2('HandlingsfacetKategori')}${fil('HandlingsfacetKategori')}${fac(n+'00')}</HandlingsfacetKategori>`;
const facetter=`<KLE-Handlingsfacetter xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="KLE-Handlingsfacetter-version-2-0.xsd"><UdgivelsesDato>2015-08-01</UdgivelsesDato>${[...'APSØGKI'].map(kat).join('')}</KLE-Handlingsfacetter>`;
let seed=Number(process.env.SEED??1); const rnd=(n:number)=>{ seed=(seed*1103515245+12345)&0x7fffffff; return Math.floor(seed/65536)%n; };
interface N { n:string; t?:string; c:(N)[]; a:string }
function parse(x:string):N { const st:N[]=[{n:'#',c:[],a:''}]; for(const m of x.matchAll(/<(\/?)([\w-ÆØÅæøå]+)([^>]*)>|([^<]+)/g)){ const top=st.at(-1)!; if(m[4]!==undefined) top.c.push({n:'#t',t:m[4],c:[],a:''}); else if(m[1]) st.pop(); else {const e={n:m[2]!,c:[],a:m[3]!}; top.c.push(e); st.push(e);} } return st[0]!.c[0]!; }
const ser=(e:N):string=>e.n==='#t'?e.t!:`<${e.n}${e.a}>${e.c.map(ser).join('')}</${e.n}>`;
const all=(e:N,p?:N):[N,N|undefined][]=>[[e,p] as [N,N|undefined],...e.c.flatMap(c=>all(c,e))];
const VALUES=['','x','2015-13-01','2015-02-30','2015-02-28Z','K5','K6','tom','P5Y','P','PT','P1DT','99','99.99','99.99.99','Ø99','A0',' 00','P1Y2M3DT4H5M6.7S','-P1D','5D'];
function mutate(x:string){ const r=parse(x); const times=1+rnd(2); for(let k=0;k<times;k++){ const nodes=all(r).filter(([,p])=>p); const [e,p]=nodes[rnd(nodes.length)]!; const i=p!.c.indexOf(e);
 switch(rnd(8)){ case 0:case 1: p!.c.splice(i,1); break; case 2: p!.c.splice(i,0,structuredClone(e)); break; case 3: if(i+1<p!.c.length) [p!.c[i],p!.c[i+1]]=[p!.c[i+1]!,p!.c[i]!]; break; case 4: { const [o]=nodes[rnd(nodes.length)]!; if(e.n!=='#t'&&o.n!=='#t') e.n=o.n; break;} case 5: p!.c.splice(i,0,{n:'#t',t:rnd(2)?' ':'løs',c:[],a:''}); break; case 6: { const ts=nodes.filter(([q])=>q.n==='#t'); const t=ts[rnd(ts.length)]![0]; t.t=VALUES[rnd(VALUES.length)]!; break;} case 7: if(e.n!=='#t') e.a=' x="1"'; break; } } return ser(r); }
test('mutants', async ()=>{
  const out:{xsd:string;xml:string;mine:string[]}[]=[];
  for (let k=0;k<Number(process.env.N??400);k++) for (const [base,xsd] of [[emneplan,'KLE-Emneplan-version-2-0.xsd'],[facetter,'KLE-Handlingsfacetter-version-2-0.xsd']] as const) {
    const xml=k===0?base:mutate(base); let mine:string[]=[];
    try { await readKle(Readable.from([Buffer.from(xml)])); } catch(e){ if(!(e instanceof InvalidKle)) {console.log(xml); throw e;} mine=e.fejl.filter(f=>!['nummer','dublet'].includes(f.kode)&&!f.besked.endsWith('er tom')).map(faultText); }
    out.push({xsd,xml,mine});
  }
  fs.writeFileSync('/tmp/kle-oracle/mutants.json',JSON.stringify(out));
});
