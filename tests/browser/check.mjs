// Holds the HTML and PDF dossiers of sovrisk to what a browser, axe-core, the Nu HTML checker, pandoc and poppler make
// of them.
//
//   node check.mjs layout|accessibility|markup|anchors|hostile|documents|pdf --binary PATH --source DIR
//   node check.mjs layout|accessibility|markup --html FILE [--lang LANG]   a file that is there already
//   node check.mjs pictures DIR                                            screenshots, for eyes
//
// One line per failure; ends with 1 when there is one. node_modules come from `npm ci` in this folder (script/test does
// it). Without them, or without a program that is needed, this fails; it never skips.
import {spawnSync} from 'node:child_process';
import {existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {basename, dirname, join, resolve} from 'node:path';
import {fileURLToPath, pathToFileURL} from 'node:url';
import {parseArgs} from 'node:util';

const here = dirname(fileURLToPath(import.meta.url));
const modules = join(here, 'node_modules');
const {values: options, positionals} = parseArgs({
  allowPositionals: true,
  options: {
    source: {type: 'string', default: resolve(here, '../..')},
    binary: {type: 'string', default: resolve(here, '../../build/sovrisk')},
    chromium: {type: 'string', default: '/usr/bin/chromium'},
    html: {type: 'string'},
    lang: {type: 'string'},
  },
});

const {chromium} = await import('playwright-core').catch((error) => {
  console.error(`${error.message}\nrun \`npm ci --ignore-scripts\` in ${here} first (script/test does)`);
  process.exit(1);
});

const languages = ['fr', 'en'];
const schemes = ['light', 'dark'];
const screens = [
  {name: '390', width: 390, height: 844, media: 'screen'},
  {name: '1280', width: 1280, height: 800, media: 'screen'},
];
// 210 mm at 96 dots per inch.
const paper = {name: 'A4', width: 794, height: 1123, media: 'print'};
const inSchemes = (views) => views.flatMap((view) => schemes.map((colorScheme) => ({...view, colorScheme})));

// What must never come through from an input: control characters other than tab and line feed, and marks that turn the
// direction of the text around them.
const harmful = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/u;

const failures = new Set();

/** Notes a failure, once; the words may come from a hostile page, so they are made fit for a terminal. */
function fail(where, what) {
  const line = `${where}: ${what}`
    .replace(/\s+/g, ' ')
    .replace(new RegExp(harmful, 'gu'), (mark) => `\\u${mark.codePointAt(0).toString(16).padStart(4, '0')}`);
  const short = line.length > 400 ? `${line.slice(0, 400)}…` : line;
  if (!failures.has(short)) console.error(short);
  failures.add(short);
}

/** What a program prints on standard output; undefined, and a failure, when it cannot be run or ends badly. */
function run(program, ...args) {
  const env = {PATH: process.env.PATH, HOME: process.env.HOME ?? '/', LANG: 'C.UTF-8'};
  const result = spawnSync(program, args, {cwd: options.source, env, encoding: 'utf8', maxBuffer: 64 << 20});
  const name = [basename(program), ...args].join(' ');
  if (result.error) return fail(name, result.error.message);
  if (result.status !== 0) return fail(name, `ended with ${result.status ?? result.signal}: ${result.stderr}`);
  return result.stdout;
}

const scratch = mkdtempSync(join(tmpdir(), 'sovrisk-browser-'));
process.on('exit', () => rmSync(scratch, {recursive: true}));

/** The path of an assessment that the program wrote; undefined, and a failure, when it did not. */
function assess(workload, language, format, annex) {
  const path = join(scratch, `${basename(workload, '.yaml')}-${language}${annex ? '-annex' : ''}.${format === 'dossier-md' ? 'dossier.md' : format}`);
  const args = ['-w', workload, '--as-of', '2023-12-21', '--lang', language, '-f', format, '-o', path, ...(annex ? ['--dossier', annex] : [])];
  if (run(options.binary, 'assess', 'azure', ...args) === undefined) return undefined;
  if (!existsSync(path)) return fail(basename(path), 'was not written');
  return path;
}

const example = join('examples', 'emc2', 'workload.yaml');
const annexed = join('examples', 'emc2', 'dossier.yaml');

/** The dossiers to look at: the file that was named, or one per language, and one with an annex. */
function dossiers() {
  if (options.html) return [{name: basename(options.html), path: resolve(options.html), language: options.lang}];
  const bare = languages.map((language) => ({name: language, path: assess(example, language, 'html'), language}));
  const full = {name: 'fr with annex', path: assess(example, 'fr', 'html', annexed), language: 'fr'};
  return [...bare, full].filter((dossier) => dossier.path);
}

let launched;
const browser = () => (launched ??= chromium.launch({executablePath: options.chromium, args: ['--no-sandbox']}));

/** Opens a file; whatever it says on the console, asks for on the network or does on its own is a failure. */
async function open(path, name, settings = {}) {
  const context = await (await browser()).newContext({offline: true, ...settings});
  const page = await context.newPage();
  const address = pathToFileURL(path).href;
  page.on('request', (request) => {
    if (request.url() !== address) fail(name, `asks for ${request.url()}`);
  });
  page.on('console', (message) => {
    if (message.type() === 'error') fail(name, `console: ${message.text()}`);
  });
  page.on('pageerror', (error) => fail(name, `script error: ${error.message}`));
  page.on('dialog', (dialog) => {
    fail(name, `opens a dialog: ${dialog.message()}`);
    return dialog.dismiss();
  });
  await page.goto(address);
  return page;
}

async function show(page, {width, height, media, colorScheme}) {
  await page.setViewportSize({width, height});
  await page.emulateMedia({media, colorScheme});
}

/** What is folded away must fit and be accessible as well. */
const unfold = (page) => page.evaluate(() => document.querySelectorAll('details').forEach((details) => (details.open = true)));

/**
 * Runs in the page, where nothing outside of this function is known; answers with the problems found.
 * `code`: anything that could run or fetch. `structure`: ids, headings, language, names. `room`: what does not fit.
 */
function inspect([task, argument]) {
  const problems = [];
  const all = [...document.querySelectorAll('*')];
  const short = (text) => text.replace(/\s+/g, ' ').trim().slice(0, 60);
  const named = (element) => {
    const id = element.id ? `#${short(element.id)}` : '';
    const words = short(element.textContent);
    return `<${element.localName}${id}>${words ? ` “${words}”` : ''}`;
  };

  const tasks = {
    code() {
      const banned = new Set(['script', 'noscript', 'template', 'iframe', 'frame', 'object', 'embed', 'applet', 'base', 'x-injected']);
      const fetching = new Set(['src', 'srcset', 'imagesrcset', 'poster', 'data', 'background', 'action', 'formaction', 'ping', 'manifest']);
      const inFile = (address) => address.startsWith('#') || /^data:/i.test(address);
      const outward = /^(#|https?:\/\/|mailto:)/i;
      const styles = (text, element) => {
        for (const [, , address] of text.matchAll(/url\(\s*(["']?)(.*?)\1\s*\)/gis)) {
          if (!inFile(address)) problems.push(`${named(element)} has a style that fetches ${short(address)}`);
        }
        if (/@import\b/i.test(text)) problems.push(`${named(element)} has a style with @import`);
      };
      for (const element of all) {
        if (banned.has(element.localName)) problems.push(`holds ${named(element)}`);
        if (element.localName === 'style') styles(element.textContent, element);
        const link = ['a', 'area'].includes(element.localName);
        for (const {name, localName, value} of element.attributes) {
          // Browsers drop these characters before they read the scheme.
          const address = value.replace(/[\u0000-\u0020]/g, '');
          if (/^on/i.test(name)) problems.push(`${named(element)} has the attribute ${name}`);
          if (name === 'x-injected') problems.push(`${named(element)} has an attribute out of an input`);
          if (name === 'http-equiv' && /refresh/i.test(value)) problems.push('<meta> leads elsewhere by itself');
          if (localName === 'href' && link && !outward.test(address)) problems.push(`${named(element)} links to ${short(address)}`);
          if (((localName === 'href' && !link) || fetching.has(name)) && !inFile(address)) problems.push(`${named(element)} fetches ${short(address)}`);
          if (name === 'srcdoc') problems.push(`${named(element)} has the attribute srcdoc`);
          if (/url\(/i.test(value)) styles(value, element);
        }
      }
    },

    structure(language) {
      const counts = new Map();
      for (const element of all) if (element.hasAttribute('id')) counts.set(element.id, (counts.get(element.id) ?? 0) + 1);
      for (const [id, count] of counts) if (count > 1 || id === '') problems.push(`the id “${short(id)}” is there ${count} times`);
      // As browsers do: the id as it stands, else the id that is written in percent signs.
      const count = (fragment) => {
        try {
          return counts.get(fragment) ?? counts.get(decodeURIComponent(fragment));
        } catch {
          return undefined;
        }
      };
      for (const element of all) {
        const target = element.getAttribute('href') ?? element.getAttribute('xlink:href');
        if (!target?.startsWith('#')) continue;
        if (count(target.slice(1)) !== 1) problems.push(`${named(element)} leads to ${short(target)}, which is nowhere or twice`);
      }

      const headings = [...document.querySelectorAll('h1, h2, h3, h4, h5, h6')];
      const tops = headings.filter((heading) => heading.localName === 'h1').length;
      if (tops !== 1) problems.push(`${tops} h1`);
      let above = 0;
      for (const heading of headings) {
        const level = Number(heading.localName[1]);
        if (level > above + 1) problems.push(`${named(heading)} comes after ${above ? `h${above}` : 'nothing'}`);
        if (!heading.textContent.trim()) problems.push(`${named(heading)} is empty`);
        above = level;
      }

      const {lang} = document.documentElement;
      if (language ? lang !== language : !['en', 'fr'].includes(lang)) problems.push(`the language is “${lang}”`);
      if (!document.title.trim()) problems.push('there is no title');

      for (const svg of document.querySelectorAll('svg')) {
        if (svg.parentElement.closest('svg')) continue;
        const labels = (svg.getAttribute('aria-labelledby') ?? '').split(/\s+/).map((id) => document.getElementById(id));
        const names = [svg.getAttribute('aria-label'), svg.querySelector(':scope > title')?.textContent, ...labels.map((label) => label?.textContent)];
        if (svg.getAttribute('role') !== 'img') problems.push(`${named(svg)} is not of the role img`);
        if (!names.some((name) => name?.trim())) problems.push(`${named(svg)} has no name`);
      }
    },

    room(onPaper) {
      const {scrollWidth, clientWidth} = document.scrollingElement;
      if (scrollWidth > clientWidth) problems.push(`the page is ${scrollWidth} px wide, of ${clientWidth}`);

      // Browsers round to parts of a pixel.
      const slack = 1;
      const outside = (box, {left, right}) => box.width > 0 && box.height > 0 && (box.left < left - slack || box.right > right + slack);
      const everywhere = {left: -Infinity, right: Infinity};
      const rooms = new Map([[document.documentElement, {frame: {left: 0, right: clientWidth}, cut: {left: 0, right: clientWidth}}]]);
      // From where to where the content of an element may reach: `frame` before it leaves the page, `cut` before
      // something on the way up hides it. What scrolls gives all the room there is, but paper does not scroll.
      const room = (element) => {
        if (!rooms.has(element)) rooms.set(element, roomIn(element, room(element.parentElement)));
        return rooms.get(element);
      };
      const roomIn = (element, around) => {
        const {overflowX} = getComputedStyle(element);
        if (overflowX === 'visible' || element === document.body) return around;
        if (['auto', 'scroll'].includes(overflowX) && !onPaper) return {frame: everywhere, cut: everywhere};
        const {left, right, width} = element.getBoundingClientRect();
        // Text for readers of screens alone is kept in a box of a pixel.
        if (width <= 1) return {frame: everywhere, cut: everywhere};
        return {frame: around.frame, cut: {left: Math.max(left, around.cut.left), right: Math.min(right, around.cut.right)}};
      };

      const sticking = new Set();
      for (const element of document.body.querySelectorAll('*')) {
        if (!outside(element.getBoundingClientRect(), room(element.parentElement).frame)) continue;
        // The outermost one is enough.
        if (!sticking.has(element.parentElement)) problems.push(`${named(element)} sticks out of the page`);
        sticking.add(element);
      }
      const range = document.createRange();
      const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      while (texts.nextNode()) {
        range.selectNodeContents(texts.currentNode);
        const parent = texts.currentNode.parentElement;
        if (!sticking.has(parent) && outside(range.getBoundingClientRect(), room(parent).cut)) problems.push(`${named(parent)} is cut off`);
      }
    },
  };

  tasks[task](argument);
  return problems;
}

async function inspectAs(page, name, task, argument) {
  for (const problem of await page.evaluate(inspect, [task, argument])) fail(name, problem);
}

// Text of which a renderer that forgets to escape makes something else. All of it may stand in a title or a name.
const attacks = [
  '<script>window.__pwned=1;alert(1)</script>',
  '<img src=x onerror="window.__pwned=1">',
  '" x-injected="1" onmouseover="window.__pwned=1" "quotes',
  "' x-injected='1' onfocus='window.__pwned=1' autofocus 'quotes",
  '</style></title></textarea></svg></code></pre><x-injected>',
  ']]><x-injected>--><x-injected>',
  '`</code><x-injected>` ```\n~~~\n<x-injected>',
  '| a | <x-injected> |\n| --- | --- |\n',
  '[x](javascript:window.__pwned=1) ![x](x) <javascript:window.__pwned=1>',
  '&lt;script&gt; &#60;x-injected&#62; &#x202e; &#27;',
  '${window.__pwned=1} {{constructor.constructor("window.__pwned=1")()}} <%= 1 %> {} {0} %s',
  '\u001b[31mred\u001b[0m \u009b31m \u0007 \u202eabc \u2066abc',
  'one\ntwo\r\n\r\n# three\n- four\n\n    <x-injected>\n',
];
const longestName = 300;

/** The attacks as a text, with a word of 10,000 letters that no line can hold. */
const hostileText = (field) => `${field} ${attacks.join(' ')} ${'W'.repeat(10000)}`;

let turn = 0;
/** As many of the attacks as a name may hold; the next name goes on with those that come next. */
function hostileName(field) {
  let name = field;
  while (name.length + 1 + attacks[turn % attacks.length].length <= longestName) name += ` ${attacks[turn++ % attacks.length]}`;
  return name;
}

/** A workload with an attack wherever free text may stand. */
function hostileWorkload() {
  const sources = ['javascript:window.__pwned=1', 'https://example.org/"onmouseover="window.__pwned=1', 'data:text/html,<script>alert(1)</script>', '//example.org/<x-injected>'];
  const quoted = (extra) => ({source: sources.map((_, index) => `s${index}`), note: hostileText('note'), ...extra});
  return {
    format: 'sovrisk-workload/1',
    id: 'hostile',
    title: hostileText('title'),
    controller: quoted({name: hostileName('controller'), country: 'FR', about: {country: {note: hostileText('about')}}}),
    recipients: [quoted({name: hostileName('recipient'), country: 'US'})],
    purpose: hostileText('purpose'),
    legal_basis: hostileText('legal basis'),
    data: quoted({categories: ['health'], subjects: [hostileName('subject').slice(0, 200)], pseudonymised: true, needs_plaintext: true, retention: hostileText('retention')}),
    uses: quoted({regions: ['francecentral'], services: [hostileName('service').slice(0, 200)]}),
    requires: [quoted({capability: 'object-storage', must: true, because: hostileText('because')}), quoted({capability: 'no-such-thing', must: true, because: hostileText('because')})],
    transfers: [quoted({to: 'US', recipient: hostileName('transfer'), remote_access: true, data: 'metadata'})],
    other_safeguards: [quoted({id: 'other', title: hostileText('safeguard')})],
    alternatives: attacks.map(() => quoted({offering: hostileName('alternative'), meets: false, in_time: false, because: hostileText('because')})),
    exit_plan: quoted({exists: true, target: hostileText('target')}),
    note: hostileText('note'),
    sources: Object.fromEntries(sources.map((url, index) => [`s${index}`, {title: hostileName('source'), url, publisher: hostileName('publisher'), seen: '2023-12-21', kind: 'claim', note: hostileText('note')}])),
  };
}

/** An annex with an attack wherever free text may stand. */
function hostileAnnex() {
  const made = (extra) => ({by: hostileText('by'), on: '2023-12-01', ...extra});
  return {
    format: 'sovrisk-dossier/1',
    offering: 'microsoft-azure',
    workload: 'hostile',
    method: 'cnil',
    title: hostileText('annex'),
    answers: {122: made({text: hostileText('answer')}), 321: made({text: hostileText('item')}), 326: made({text: hostileText('reason')})},
    evaluations: {1.1: made({state: 'acceptable', comment: hostileText('comment')}), 221: made({state: 'improvable', action: hostileText('action'), owner: hostileText('owner'), due: '2024-01-15'})},
    dpo: made({name: hostileName('dpo'), opinion: 'unfavourable', text: hostileText('opinion'), ground: 'g1-0000000000000000'}),
    data_subjects: made({sought: true, who: hostileText('who'), opinion: 'mixed', text: hostileText('views')}),
    consultation: made({state: 'sent', authority: hostileText('authority'), text: hostileText('outcome')}),
    accepted_risks: [made({risk: 'loss-by-failure', reason: hostileText('accepted')})],
    action_plan: [made({condition: 'exit-plan', owner: hostileText('planner'), text: hostileText('plan'), state: 'planned'})],
    decision: made({name: hostileName('decider'), role: hostileText('role'), decision: 'refused', text: hostileText('decision')}),
    signatories: [{name: hostileName('signatory'), role: 'other', title: hostileText('function')}],
  };
}

/** JSON is YAML; what may not stand in YAML as it is, is escaped. */
const asYaml = (document) =>
  JSON.stringify(document, null, 1)
    .replaceAll('\\u001b', '\\x1b')
    .replace(/[\u007f-\u009f\u202a-\u202e\u2066-\u2069]/gu, (mark) => `\\u${mark.codePointAt(0).toString(16).padStart(4, '0')}`);

/** Opens a page made of hostile input, with scripts allowed and no policy of its own to save it. */
async function openHostile(path, name) {
  const page = await open(path, name, {bypassCSP: true, viewport: screens[0]});
  await unfold(page);
  // Handlers of broken pictures and of focus run after the page is there.
  await page.waitForTimeout(200);
  if (await page.evaluate(() => '__pwned' in window)) fail(name, 'a script out of an input was run');
  await inspectAs(page, name, 'code');
  const shown = await page.evaluate(() => document.body.innerText);
  if (!shown.includes(attacks[0])) fail(name, 'the title of the workload is not shown as it is written');
  if (harmful.test(await page.content())) fail(name, 'the page as read holds control or direction characters');
  return page;
}

function holdsNoControls(path) {
  const found = harmful.exec(readFileSync(path, 'utf8'));
  if (found) fail(basename(path), `holds the byte${Buffer.byteLength(found[0]) > 1 ? 's' : ''} ${Buffer.from(found[0]).toString('hex')} at ${found.index}`);
}

/** Letters and digits alone: lines, hyphens and ligatures fall elsewhere in a PDF. */
const bare = (text) => text.normalize('NFKC').toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

/** The texts of the h2 of a dossier as printed, after those of the links that lead to them, as in a table of contents. */
async function headings(path) {
  const page = await open(path, 'html', {viewport: paper});
  await page.emulateMedia({media: 'print'});
  const mentions = await page.evaluate(() => {
    const titles = new Set([...document.querySelectorAll('h2')].map((heading) => heading.innerText.trim()));
    return [...document.querySelectorAll('h2, a[href^="#"]')]
      .filter((element) => element.checkVisibility())
      .map((element) => element.innerText.trim())
      .filter((text) => titles.has(text));
  });
  if (mentions.length === 0) fail('html', 'there is no h2');
  return mentions;
}

function pdfFields(path) {
  const fields = new Map();
  for (const line of (run('pdfinfo', path) ?? '').split('\n')) {
    const at = line.indexOf(':');
    if (at > 0) fields.set(line.slice(0, at), line.slice(at + 1).trim());
  }
  return fields;
}

function checkPdfProperties(name, path) {
  const fields = pdfFields(path);
  if (fields.get('Tagged') !== 'yes') fail(name, 'is not tagged');
  if (!fields.get('Title')) fail(name, 'has no title');
  const sizes = (run('pdfinfo', '-f', '1', '-l', fields.get('Pages') ?? '1', path) ?? '').matchAll(/^Page +(\d+) size: +(.*)$/gm);
  for (const [, number, size] of sizes) if (!size.endsWith('(A4)')) fail(name, `page ${number} is ${size}`);
}

function checkPdfFonts(name, path) {
  const fonts = (run('pdffonts', path) ?? '').trimEnd().split('\n').slice(2);
  if (fonts.length === 0) fail(name, 'has no font');
  for (const font of fonts) {
    // From the right: names may be as wide as they like. Embedded, subset, with a map to Unicode.
    const embedded = /\s(yes|no)\s+(?:yes|no)\s+(?:yes|no)\s+\d+\s+\d+$/.exec(font)?.[1];
    if (embedded !== 'yes') fail(name, `a font is not embedded: ${font}`);
  }
}

/** Heads and feet, numbers aside, are what stands at the edge of every page; a page needs more than these. */
function checkPdfPages(name, text) {
  const pages = text.replace(/\f$/, '').split('\f').map((page) => page.split('\n').map((line) => line.replace(/\d+/g, '#').trim()).filter(Boolean));
  const everywhere = (line) => pages.length > 1 && pages.every((page) => page.includes(line));
  pages.forEach((lines, index) => {
    const inside = lines.filter((line, at) => !(everywhere(line) && (at < 2 || at >= lines.length - 2)));
    if (inside.length === 0) fail(name, `page ${index + 1} holds no text`);
  });
}

function checkPdfOrder(name, text, mentions) {
  const written = bare(text);
  let at = 0;
  for (const mention of mentions) {
    const found = written.indexOf(bare(mention), at);
    if (found < 0) return fail(name, `“${mention}” is missing, or comes before what it follows in the HTML`);
    at = found + bare(mention).length;
  }
}

function checkPdfEdges(name, path) {
  const boxes = run('pdftotext', '-bbox', path, '-') ?? '';
  let width = 0;
  let page = 0;
  for (const [, pageWidth, left, right, word] of boxes.matchAll(/<page width="([\d.]+)"|<word xMin="(-?[\d.]+)".*? xMax="(-?[\d.]+)".*?>(.*?)<\/word>/g)) {
    if (pageWidth) [width, page] = [Number(pageWidth), page + 1];
    else if (Number(left) < 0 || Number(right) > width) fail(name, `page ${page}: “${word}” goes over the edge`);
  }
}

/** For each dossier at once: the browser has a process for each. */
const each = (work) => Promise.all(dossiers().map(work));

const tasks = {
  /** It fits the phone, the screen and the sheet, needs nothing but itself, and is sound in its structure. */
  async layout() {
    await each(async ({name, path, language}) => {
      for (const javaScriptEnabled of [true, false]) {
        const page = await open(path, name, {javaScriptEnabled});
        await inspectAs(page, name, 'code');
        await inspectAs(page, name, 'structure', language);
        await unfold(page);
        for (const view of inSchemes([...screens, paper])) {
          await show(page, view);
          await inspectAs(page, `${name} ${view.name} ${view.colorScheme}`, 'room', view.media === 'print');
        }
      }
    });
  },

  /** axe-core finds nothing: WCAG 2.2 AA and its own best practices. */
  async accessibility() {
    const axe = readFileSync(join(modules, 'axe-core', 'axe.min.js'), 'utf8');
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
    await each(async ({name, path}) => {
      const page = await open(path, name, {bypassCSP: true});
      await page.evaluate(axe);
      await unfold(page);
      for (const view of inSchemes(screens)) {
        await show(page, view);
        const settings = {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']};
        const {violations} = await page.evaluate((asked) => globalThis.axe.run(document, asked), settings);
        for (const {id, nodes} of violations) {
          for (const {target, failureSummary} of nodes) fail(`${name} ${view.name} ${view.colorScheme}`, `${id} ${target.join(' ')} ${failureSummary}`);
        }
      }
    });
  },

  /** The Nu HTML checker finds no error. */
  markup() {
    const files = dossiers().map(({path}) => path);
    if (files.length === 0) return;
    const jar = join(modules, 'vnu-jar', 'build', 'dist', 'vnu.jar');
    const answer = run('java', '-jar', jar, '--format', 'json', '--stdout', '--exit-zero-always', ...files);
    if (answer === undefined) return;
    for (const {type, url = '', lastLine = 0, message, extract = ''} of JSON.parse(answer).messages) {
      const line = `${message} ${extract}`;
      if (type === 'info') console.log(`${basename(url)}:${lastLine}: ${line}`.replace(/\s+/g, ' '));
      else fail(`${basename(url)}:${lastLine}`, line);
    }
  },

  /** Whatever the workload says stays text. */
  async hostile() {
    const workload = join(scratch, 'hostile.yaml');
    writeFileSync(workload, asYaml(hostileWorkload()));
    const annex = join(scratch, 'hostile-annex.yaml');
    writeFileSync(annex, asYaml(hostileAnnex()));
    const html = assess(workload, 'fr', 'html', annex);
    if (html) {
      holdsNoControls(html);
      const page = await openHostile(html, 'html');
      await inspectAs(page, 'html', 'structure', 'fr');
      await inspectAs(page, 'html 390', 'room', false);
    }
    const pia = assess(workload, 'fr', 'pia', annex);
    if (pia) {
      holdsNoControls(pia);
      const file = JSON.parse(readFileSync(pia, 'utf8'));
      const rich = [...file.answers.map(({data}) => data.text ?? ''), ...file.measures.map(({content}) => content),
        ...file.evaluations.flatMap((one) => [one.evaluation_comment, one.action_plan_comment])];
      if (file.evaluations.length !== 2) fail('pia', `holds ${file.evaluations.length} evaluations`);
      for (const text of rich) {
        const left = text.replace(/<\/?(p|br|strong|em|ul|ol|li)>/g, '');
        if (/[<>]/.test(left)) fail('pia', `holds a tag or half of one: ${left.slice(Math.max(0, left.search(/[<>]/) - 20)).slice(0, 60)}`);
      }
      for (const {title} of file.measures) if (/[&<>]/.test(title)) fail('pia', `a title holds markup: ${title}`);
      if (!file.pia.name.includes('<script>')) fail('pia', 'the name, which is shown as text, is not as it is written');
    }
    for (const format of ['md', 'dossier-md']) {
      const markdown = assess(workload, 'fr', format, format === 'md' ? undefined : annex);
      if (!markdown) continue;
      holdsNoControls(markdown);
      const rendered = join(scratch, `${format}.html`);
      if (run('pandoc', '-f', 'gfm', '-t', 'html', '-o', rendered, markdown) === undefined) continue;
      await openHostile(rendered, format);
    }
  },

  /** Every finding has an id of its own, and every citation of a source leads to it. */
  async anchors() {
    const listed = run(options.binary, 'assess', 'azure', '-w', example, '--as-of', '2023-12-21', '-f', 'json');
    if (listed === undefined) return;
    const found = JSON.parse(listed);
    const slug = (kind, id) => `${kind}-${id.replace(/[^A-Za-z0-9]/g, '-')}`;
    const wanted = [
      ...found.exposures.filter(({effect, status, certainty, pointed_at}) => effect.join() !== 'criterion' && certainty !== 'not-reached' && (pointed_at || certainty !== 'unknown') && ['in-force', 'winding-down'].includes(status)).map(({law}) => slug('law', law.id ?? law)),
      ...found.frameworks.flatMap((framework) => (framework.criteria ?? []).map(({id}) => slug('c', `${framework.id ?? framework.ruleset} ${id}`))),
      ...found.risks.map(({id}) => slug('risk', id)),
      ...(found.conditions ?? found.verdict.conditions).map(({id}) => slug('condition', id)),
      ...found.actions.map(({id}) => slug('action', id)),
      ...found.missing.map(({fact}) => slug('fact', fact)),
    ];
    await each(async ({name, path, language}) => {
      const page = await open(path, name);
      await inspectAs(page, name, 'structure', language);
      const there = new Set(await page.evaluate(() => [...document.querySelectorAll('[id]')].map(({id}) => id)));
      for (const kind of ['law', 'c', 'risk', 'condition', 'action', 'fact']) {
        if (!wanted.some((id) => id.startsWith(`${kind}-`))) fail('json', `tells of no ${kind}`);
      }
      if (!wanted.includes('law-us-cloud-act') || !wanted.includes('c-eu-csf-SOV-2-2')) fail('json', 'a finding of the example is missing');
      for (const id of new Set(wanted)) if (!there.has(id)) fail(name, `nothing has the id ${id}`);
      const loose = await page.evaluate(() => {
        const sources = [...document.querySelectorAll('[id^="source-"]')].map(({textContent}) => textContent.slice(1, -1));
        const out = sources.length === 0 ? ['there is no source'] : [];
        const known = new Set(sources);
        const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        while (texts.nextNode()) {
          const {textContent, parentElement} = texts.currentNode;
          if (parentElement.closest('a, [id^="source-"], svg')) continue;
          for (const [key] of textContent.matchAll(/[a-z0-9-]+:[a-z0-9][a-z0-9.-]*/g)) if (known.has(key)) out.push(`${key} is named without a way to it`);
        }
        for (const link of document.querySelectorAll('a[href^="#source-"]')) if (!known.has(link.textContent)) out.push(`${link.textContent} is no source of the list`);
        return out;
      });
      for (const problem of loose) fail(name, problem);
    });
  },

  /** The Markdown dossier becomes a page and a DOCX by pandoc, with every heading and every entry in it. */
  async documents() {
    const markdown = assess(example, 'fr', 'dossier-md', annexed);
    const html = assess(example, 'fr', 'html', annexed);
    if (!markdown || !html) return;
    const docx = join(scratch, 'dossier.docx');
    if (run('pandoc', '-f', 'gfm', markdown, '-o', docx) === undefined) return;
    const text = run('pandoc', '-f', 'docx', '-t', 'json', docx);
    const source = run('pandoc', '-f', 'gfm', '-t', 'json', markdown);
    if (text === undefined || source === undefined) return;
    const words = (node) => (Array.isArray(node) ? node.map(words).join('') : typeof node !== 'object' || node === null ? '' : node.t === 'Str' ? node.c : Object.values(node).map(words).join(''));
    const page = await open(html, 'html');
    const titles = await page.evaluate(() => [...document.querySelectorAll('main h2, main h3, main h4')].map((heading) => heading.textContent));
    for (const [name, document] of [['markdown', source], ['docx', text]]) {
      const {blocks} = JSON.parse(document);
      const headings = blocks.filter(({t}) => t === 'Header').map(({c}) => bare(words(c[2])));
      let at = 0;
      for (const title of titles) {
        const found = headings.indexOf(bare(title), at);
        if (found < 0) fail(name, `the heading “${title}” is missing or in another place`);
        else at = found + 1;
      }
      const all = bare(words(blocks));
      for (const entry of ['Collecte lors des soins', 'perte de confiance dans le soin', 'Compléter la notice', 'Une copie demeure dans les établissements', 'le responsable de la plateforme (fictif)'])
        if (!all.includes(bare(entry))) fail(name, `“${entry}” of the annex is missing`);
    }
  },

  /** The PDF is tagged, titled, A4, carries its fonts, and says what the HTML says, in its order. */
  async pdf() {
    const html = assess(example, 'fr', 'html');
    const path = assess(example, 'fr', 'pdf');
    if (!path) return;
    const name = basename(path);
    checkPdfProperties(name, path);
    checkPdfFonts(name, path);
    checkPdfEdges(name, path);
    const text = run('pdftotext', path, '-');
    if (text === undefined) return;
    checkPdfPages(name, text);
    if (html) checkPdfOrder(name, text, await headings(html));
  },

  /** Screenshots, for eyes. */
  async pictures(folder) {
    mkdirSync(folder, {recursive: true});
    await each(async ({name, path}) => {
      const page = await open(path, name);
      for (const view of inSchemes([...screens, paper])) {
        await show(page, view);
        await page.screenshot({path: join(folder, `${name}-${view.name}-${view.colorScheme}.png`), fullPage: true});
      }
    });
  },
};

const [task, ...rest] = positionals;
if (!(task in tasks) || rest.length !== tasks[task].length) {
  console.error(`usage: node check.mjs ${Object.keys(tasks).filter((one) => one !== 'pictures').join('|')} | pictures DIR`);
  process.exit(2);
}
try {
  await tasks[task](...rest);
} catch (error) {
  fail(task, error.message);
} finally {
  await (await launched?.catch(() => undefined))?.close();
}
console.log(`${task}: ${failures.size} failed`);
process.exitCode = failures.size > 0 ? 1 : 0;
