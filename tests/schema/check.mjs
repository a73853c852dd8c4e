// Holds what sovrisk ships and writes to schemas/, with a validator that is not its own.
//
//   node check.mjs schemas|documents|editors|assessments|strictness|decisions|pia|languages|oscal|exchange|sarif|junit|code-quality|cyclonedx|diffs --binary PATH --source DIR
//
// node_modules come from `npm ci` in this folder (script/test does it). Without them this fails; it never skips.
import {execFileSync, spawnSync} from 'node:child_process';
import {copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {basename, dirname, join, relative, resolve} from 'node:path';
import {fileURLToPath} from 'node:url';
import {parseArgs} from 'node:util';

const here = dirname(fileURLToPath(import.meta.url));
const {values: options, positionals} = parseArgs({
  allowPositionals: true,
  options: {
    source: {type: 'string', default: resolve(here, '../..')},
    binary: {type: 'string', default: resolve(here, '../../build/sovrisk')},
  },
});

const modules = await Promise.all([import('ajv'), import('ajv-formats'), import('js-yaml')]).catch((error) => {
  console.error(`${error.message}\nrun \`npm ci\` in ${here} first (script/test does)`);
  process.exit(1);
});
const [{default: Ajv}, {default: addFormats}, {default: yaml}] = modules;

const folders = ['providers', 'laws', 'rules', 'scenarios', 'measures', 'examples', 'tests/decisions', 'tests/worked-examples'];
const days = ['2023-12-21', '2026-11-23'];

const schemas = new Map(
  readdirSync(join(options.source, 'schemas'))
    .filter((name) => name.endsWith('.schema.json'))
    .map((name) => [name, JSON.parse(readFileSync(join(options.source, 'schemas', name), 'utf8'))]),
);

/** A validator that knows every schema of schemas/, strict about keywords it does not know. */
function validators() {
  const ajv = new Ajv({strict: true, strictTypes: false, strictRequired: false, allErrors: true, allowUnionTypes: true});
  addFormats(ajv);
  ajv.addVocabulary(['x-sovrisk', 'x-sovrisk-no-facts']);
  for (const schema of schemas.values()) ajv.addSchema(schema);
  return ajv;
}

function files(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, {withFileTypes: true, recursive: true})
    .filter((entry) => entry.isFile() && /\.ya?ml$/.test(entry.name))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

const shipped = () => folders.flatMap((folder) => files(join(options.source, folder)));
const read = (path) => yaml.load(readFileSync(path, 'utf8'), {schema: yaml.CORE_SCHEMA, filename: path});
const short = (path) => relative(options.source, path);
const schemaOf = (document) => `${/^sovrisk-(.+)\/1$/.exec(document?.format ?? '')?.[1]}.schema.json`;
const worded = (errors) => errors.slice(0, 8).map((error) => `    ${error.instancePath || '/'} ${error.message} ${JSON.stringify(error.params)}`).join('\n');

function printed(...args) {
  const env = {PATH: process.env.PATH, HOME: process.env.HOME ?? '/', LANG: 'C.UTF-8'};
  return execFileSync(options.binary, args, {cwd: options.source, env, encoding: 'utf8', maxBuffer: 64 << 20, stdio: ['ignore', 'pipe', 'ignore']});
}
const sovrisk = (...args) => JSON.parse(printed(...args));

let checked = 0;
let failed = 0;
function check(name, problem) {
  ++checked;
  if (!problem) return;
  ++failed;
  console.error(`${name}\n${problem}\n`);
}

/** A catalogue and a workload whose texts try to break out of every format; `use` gets the folder and the workload. */
function withHostile(use) {
  const folder = mkdtempSync(join(tmpdir(), 'sovrisk-hostile-'));
  const nasty = '<script>alert(1)</script>\n"quoted" \'single\' \u001b[31mred\u0007 \u202eright \u2028 =1+1; *bold* [a](javascript:b) `c` | & \\ ';
  const nameable = nasty.slice(0, 250);
  const write = (name, document) => writeFileSync(join(folder, name), JSON.stringify(document).replace(/[\u007f-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`));
  const sources = {s: {title: nasty, publisher: nameable, url: 'javascript:alert(1)', seen: '2023-01-01', kind: 'claim'},
    t: {title: '\n\t', url: 'https://user:pass@example.org:80x/a b"<c>?d=\u00e9#e#f%zz[g]', seen: '2023-01-02', kind: 'primary'}};
  try {
    mkdirSync(join(folder, 'mine'));
    write('workload.yaml', {format: 'sovrisk-workload/1', id: 'hostile', title: nasty + 'x'.repeat(10000), controller: {name: nameable, country: 'FR'},
      data: {categories: ['identity']}, obligations: ['hds']});
    write('mine/operator.yaml', {format: 'sovrisk-entity/1', id: 'hostile-operator', name: nameable, kind: 'company', incorporated_in: 'US', head_office_in: 'US', source: ['s', 't'], sources});
    write('mine/offering.yaml', {format: 'sovrisk-offering/1', id: 'hostile-offering', name: nameable, provider: nameable, operator: 'hostile-operator', source: ['s', 't'], sources});
    write('mine/rules.yaml', {format: 'sovrisk-ruleset/1', id: '0-hostile', version: '\n1', title: {en: nasty, fr: '\n'}, description: nasty.repeat(40), issuer: nameable,
      url: 'https://exa mple.org/<x>', status: 'informative', licence: nasty, objectives: [{id: 'A', title: '\t'}, {id: 'empty', title: nasty}],
      criteria: [{id: 'A', objective: 'A', asks: nasty, require: {'offering.keys.custody': 'customer-external'}, references: [{id: 'r', at: nameable}]},
        {id: 'a', objective: 'A', asks: {en: nasty, fr: '\n'}, answered: true, note: nasty},
        {id: '1.10', asks: 'x'.repeat(10000), require: {'offering.operator.incorporated_in': 'US'}, remedy: nasty, blocking: true}],
      references: {r: {title: nameable, url: 'http://[::1]:8080/\u0001"', seen: '2024-02-29'}, q: {title: '\n', url: 'mailto:x@y'}}});
    return use(join(folder, 'mine'), join(folder, 'workload.yaml'), nasty);
  } finally {
    rmSync(folder, {recursive: true});
  }
}

/** Runs of the exchange formats: command lines without the format, and whether the result is an assessment. */
const exchanged = [
  ['assess', 'azure', '-w', 'examples/emc2/workload.yaml', '--as-of', '2023-12-21'],
  ['assess', 'azure', '--as-of', '2026-11-23'],
  ['assess', 'clever-cloud', '-w', 'examples/shop/workload.yaml', '--as-of', '2026-11-23', '--rules', 'bsi-c3a'],
  ['assess', 's3ns', '-w', 'examples/emc2/workload.yaml', '--as-of', '2026-11-23', '--what-if', 'vendor-support-cut'],
];
const uuidsOf = (text) => text.match(/"[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"/g);

/** What `gate` writes in a format: for the example, and for a policy that fails, with names that try to break out. */
function eachGate(format, use) {
  const gate = (folder, ...args) => {
    const file = join(folder, 'out');
    const env = {PATH: process.env.PATH, HOME: process.env.HOME ?? '/', LANG: 'C.UTF-8'};
    const run = spawnSync(options.binary, ['gate', ...args, '-f', format, '-o', file], {cwd: options.source, env, encoding: 'utf8'});
    check(`gate ${args.join(' ')} -f ${format}: exit`, [0, 1, 3].includes(run.status) ? '' : `    ${run.status}\n${run.stderr}`);
    return [run.status, existsSync(file) ? readFileSync(file, 'utf8') : ''];
  };
  withHostile((mine, workload) => {
    const folder = dirname(workload);
    for (const lang of ['en', 'fr']) {
      const args = ['--policy', 'examples/gate/sovrisk.yaml', '--lang', lang];
      const [exit, text] = gate(folder, ...args);
      use({name: `${format} ${lang}`, exit, text, again: gate(folder, ...args)[1], lang, root: options.source});
    }
    copyFileSync(join(options.source, 'examples/emc2/workload.yaml'), join(folder, 'emc2.yaml'));
    const policy = join(folder, 'po licy.yaml');
    writeFileSync(policy, JSON.stringify({format: 'sovrisk-policy/1', as_of: '2023-12-21', on_unknown: 'fail', pairs: [
      {offering: 'azure', workload: 'emc2.yaml', least_verdict: 'acceptable', least_levels: {'eu-csf': 4}, gates: ['secnumcloud'], denied_laws: ['us-cloud-act']},
      {offering: 'hostile-offering', workload: 'workload.yaml', least_verdict: 'conditional', gates: ['secnumcloud'], denied_laws: ['us-fisa-702']}]}));
    const [exit, text] = gate(folder, '--policy', policy, '--catalogue', mine);
    check(`${format} hostile: fails`, exit === 1 ? '' : `    exit ${exit}`);
    check(`${format} hostile: no control characters`, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/.test(text) ? '    there are some' : '');
    use({name: `${format} hostile`, exit, text, again: gate(folder, '--policy', policy, '--catalogue', mine)[1], lang: 'en', root: folder});
  });
}

const bundled = (path) => JSON.parse(readFileSync(join(here, 'node_modules', path), 'utf8'));

const tasks = {
  /** Every schema is sound draft-07, every reference in it leads somewhere, and its file is named after it. */
  schemas() {
    for (const [name, schema] of schemas) {
      check(name, schema.$id === name ? '' : `    its $id is ${schema.$id}`);
      const ajv = validators();
      try {
        check(name, ajv.validateSchema(schema) ? '' : worded(ajv.errors));
        ajv.getSchema(name);
        check(name, '');
      } catch (error) {
        check(name, `    ${error.message}`);
      }
    }
    // The contract stands alone: one file, described key by key.
    const text = JSON.stringify(schemas.get('assessment.schema.json'));
    check('assessment.schema.json', text.includes('"$ref"') ? '    it refers elsewhere: the loader would look in common.schema.json' : '');
    const bare = [];
    const walk = (schema, path) => {
      for (const [key, property] of Object.entries(schema.properties ?? {})) {
        if (!property.description) bare.push(`${path}/${key}`);
        walk(property, `${path}/${key}`);
      }
      if (schema.items) walk(schema.items, `${path}/*`);
      for (const part of schema.anyOf ?? []) walk(part, path);
    };
    walk(schemas.get('assessment.schema.json'), '');
    check('assessment.schema.json', bare.length > 0 ? `    no description: ${bare.join(', ')}` : '');
  },

  /** Every YAML file that is shipped meets the schema of its format. */
  documents() {
    const ajv = validators();
    for (const path of shipped()) {
      try {
        const document = read(path);
        const name = schemaOf(document);
        const validate = schemas.has(name) ? ajv.getSchema(name) : undefined;
        check(short(path), !validate ? `    no schema for the format ${document?.format}` : validate(document) ? '' : worded(validate.errors));
      } catch (error) {
        check(short(path), `    ${error.message}`);
      }
    }
  },

  /** Its first line tells editors the schema of its format. */
  editors() {
    for (const path of shipped()) {
      const first = readFileSync(path, 'utf8').split('\n', 1)[0];
      const named = /^# yaml-language-server: \$schema=(\S+)$/.exec(first)?.[1];
      const wanted = relative(dirname(path), join(options.source, 'schemas', schemaOf(read(path))));
      const right = named === wanted && existsSync(resolve(dirname(path), named));
      check(short(path), right ? '' : `    the first line is: ${first}\n    wanted: # yaml-language-server: $schema=${wanted}`);
    }
  },

  /** What the program writes keeps the contract: every offering, with every workload, in both languages. */
  assessments() {
    const validate = validators().getSchema('assessment.schema.json');
    const workloads = files(join(options.source, 'examples')).filter((path) => basename(path) === 'workload.yaml').map(short);
    check('examples', workloads.length > 0 ? '' : '    there is no workload');
    const run = (...args) => {
      const assessment = sovrisk('assess', ...args, '-f', 'json');
      check(args.join(' '), validate(assessment) ? '' : worded(validate.errors));
      return assessment;
    };
    const offerings = sovrisk('list', 'providers', '-f', 'json').map((entry) => entry.id);
    for (const offering of offerings) {
      for (const day of days) {
        run(offering, '--as-of', day);
        for (const workload of workloads) run(offering, '-w', workload, '--as-of', day);
      }
      run(offering, '-w', workloads[0], '--as-of', days[0], '--lang', 'fr');
    }
    const overlays = ['measures', 'scenarios'].flatMap((kind) => sovrisk('list', kind, '-f', 'json').map((entry) => entry.id));
    for (const overlay of overlays) run(offerings[0], '-w', workloads[0], '--as-of', days[0], '--what-if', overlay);

    // Facts name sources by keys of `sources`; every measure, law and verdict is one the program knows.
    const emc2 = run('azure', '-w', 'examples/emc2/workload.yaml', '--as-of', days[0]);
    const keys = new Set(emc2.sources.map((source) => source.id));
    const named = emc2.exposures.flatMap((exposure) => exposure.proof.flatMap((step) => step.facts.flatMap((fact) => fact.source ?? [])));
    const lost = [...new Set(named)].filter((key) => !keys.has(key));
    check('sources of the proofs', lost.length > 0 ? `    named but not listed: ${lost.join(', ')}` : '');

    // A comparison holds whole assessments.
    const comparison = sovrisk('compare', ...offerings.slice(0, 3), '-w', workloads[0], '--as-of', days[0], '-f', 'json');
    for (const assessment of comparison.assessments) check(`compare: ${assessment.offering.id}`, validate(assessment) ? '' : worded(validate.errors));
  },

  /** The decided cases say what was collected of them, where the collection lies beside the project. */
  // Words of reports: the same keys and parts in each language, each used, and no English left in a French dossier.
  languages() {
    const [en, fr] = ['en', 'fr'].map((lang) => read(join(options.source, `engine/report/${lang}.yaml`)));
    const parts = (text) => [...new Set(text.match(/\{\d\}/g) ?? [])].sort().join();
    for (const key of new Set([...Object.keys(en), ...Object.keys(fr)]))
      check(`words: ${key}`, !(key in en) || !(key in fr) ? '    stands in one language only'
        : parts(en[key]) !== parts(fr[key]) ? '    other parts are filled in' : '');
    const sources = ['engine', 'cli'].flatMap((folder) => readdirSync(join(options.source, folder), {withFileTypes: true, recursive: true}))
      .filter((entry) => entry.isFile() && entry.name.endsWith('.cpp'))
      .map((entry) => readFileSync(join(entry.parentPath ?? entry.path, entry.name), 'utf8')).join('');
    // A key is used as it is, or made of a literal up to one of its dots ("status.{}", or a group that a function completes).
    const used = (key) => sources.includes(`"${key}"`) || key.split('.').some((_, i, all) => i > 0 &&
      (sources.includes(`"${all.slice(0, i).join('.')}.{}`) || sources.includes(`"${all.slice(0, i).join('.')}."`) || sources.includes(`worded("${all.slice(0, i).join('.')}"`)));
    for (const key of Object.keys(en)) check(`used: ${key}`, used(key) ? '' : '    no program text asks for it');
    for (const offering of ['azure', 'clever-cloud', 'scaleway']) {
      const html = execFileSync(options.binary, ['assess', offering, '-w', join(options.source, 'examples/emc2/workload.yaml'),
        '--as-of', '2023-12-21', '--lang', 'fr', '-f', 'html'], {encoding: 'utf8', maxBuffer: 1 << 26});
      check(`${offering}: no word is missing`, html.includes('‹') ? '    a key without words' : '');
      // Titles of sources are as their publishers wrote them.
      const body = html.slice(html.indexOf('<body>'), html.indexOf('<h3 id="s-7-4"')).replace(/data:image[^"]*/g, '').replace(/ (id|href)="[^"]*"/g, '');
      const english = body.replace(/\[[^\]]*\]/g, '').match(/\b(to be filled|not known|verdict|required|whether|should|without|because|measures in place)\b/gi);
      check(`${offering}: no English`, english ? `    ${[...new Set(english)].join(', ')}` : '');
    }
  },

  /** What `diff` writes keeps its contract, for assessments and for gates, and the contract refuses what it should. */
  diffs() {
    const validate = validators().getSchema('diff.schema.json');
    const folder = mkdtempSync(join(tmpdir(), 'sovrisk-diff-'));
    const write = (name, text) => (writeFileSync(join(folder, name), text), join(folder, name));
    const judge = (name, before, after) => {
      const diff = sovrisk('diff', before, after, '-f', 'json');
      check(name, validate(diff) ? '' : worded(validate.errors));
      const counted = {worse: 0, unknown: 0, known: 0, better: 0, other: 0};
      for (const {change} of diff.changes) ++counted[change];
      check(`${name}: counts`, JSON.stringify(counted) === JSON.stringify(diff.counts) ? '' : `    ${JSON.stringify(diff.counts)}`);
      return diff;
    };
    try {
      const assess = (name, ...args) => write(name, printed('assess', ...args, '-f', 'json'));
      const emc2 = ['-w', 'examples/emc2/workload.yaml', '--as-of', days[0]];
      const azure = assess('azure.json', 'azure', ...emc2);
      const other = assess('other.json', 'clever-cloud', ...emc2);
      const later = assess('later.json', 'azure', '-w', 'examples/emc2/workload.yaml', '--as-of', days[1], '--rules', 'bsi-c3a');
      const bare = assess('bare.json', 'azure', '--as-of', days[0], '--lang', 'fr');
      const french = assess('french.json', 'azure', ...emc2, '--lang', 'fr');
      for (const [name, before, after] of [['other offering', azure, other], ['later', azure, later], ['earlier', later, azure], ['no workload', azure, bare], ['workload', bare, azure]])
        check(`${name}: differs`, judge(name, before, after).changes.length > 0 ? '' : '    it does not');
      check('another language', judge('another language', azure, french).changes.length === 0 ? '' : '    it differs');
      const gate = (name, outcomes) => write(name, JSON.stringify({format: 'sovrisk-gate/1', subjects: [{kind: 'pair', id: 'a for b',
        checks: outcomes.map((outcome, i) => ({rule: `rule:${i}`, found: `${i}`, wanted: 'x', outcome}))}]}));
      const diff = judge('gate', gate('old-gate.json', ['passed', 'open', 'failed', 'passed']), gate('new-gate.json', ['failed', 'passed', 'open']));
      check('gate: counts', diff.counts.worse === 1 && diff.counts.known === 1 && diff.counts.unknown === 2 ? '' : `    ${JSON.stringify(diff.counts)}`);
      for (const [name, change] of Object.entries({
        'another format': (d) => (d.format = 'sovrisk-diff/2'),
        'a change of its own': (d) => (d.changes[0].change = 'fine'),
        'a check without a rule': (d) => delete d.changes[0].rule,
        'a key more in a change': (d) => (d.changes[0].extra = 1),
        'a standing of nothing': (d) => (d.changes[0].after = {}),
        'no counts': (d) => delete d.counts,
      })) {
        const spoilt = structuredClone(diff);
        change(spoilt);
        check(name, validate(spoilt) ? '    it is taken' : '');
      }
    } finally {
      rmSync(folder, {recursive: true});
    }
  },

  // The rules that the CNIL's PIA tool obeys without telling when a file breaks them.
  pia() {
    const expect = (name, holds) => check(name, holds ? '' : '    it does not hold');
    for (const lang of ['fr', 'en']) {
      const text = execFileSync(options.binary, ['assess', 'azure', '-w', join(options.source, 'examples/emc2/workload.yaml'),
        '--as-of', '2023-12-21', '--lang', lang, '-f', 'pia'], { encoding: 'utf8', maxBuffer: 1 << 26 });
      const file = JSON.parse(text);
      expect(`${lang}: five keys`, ['pia', 'answers', 'measures', 'evaluations', 'comments'].every((key) => key in file));
      const asked = [111, 112, 113, 121, 122, 123, 211, 212, 213, 214, 215, 221, 222, 223, 224, 225, 226, 227,
        ...[320, 330, 340].flatMap((base) => [1, 2, 3, 4, 5, 6].map((n) => base + n))];
      const given = file.answers.map((answer) => answer.reference_to);
      expect(`${lang}: every question once, by number`, JSON.stringify(given.sort((a, b) => a - b)) === JSON.stringify(asked));
      for (const { reference_to: id, data } of file.answers) {
        const kind = id < 300 ? 'text' : id % 10 >= 5 ? 'gauge' : 'list';
        expect(`${lang} ${id}: kind ${kind}`, Array.isArray(data.list) &&
          (kind === 'list' ? data.text === null : typeof data.text === 'string') &&
          (kind === 'gauge' ? Number.isInteger(data.gauge) && data.gauge >= 1 && data.gauge <= 4 : data.gauge === null));
        expect(`${lang} ${id}: simple tags alone`, (data.text ?? '').replace(/<\/?(p|strong|ul|ol|li)>/g, '').indexOf('<') < 0);
      }
      const titles = file.measures.map((measure) => measure.title);
      expect(`${lang}: measure titles unique, short and plain`, new Set(titles).size === titles.length &&
        titles.every((title) => title.length <= 120 && !/[<>&]/.test(title)));
      for (const id of [324, 334, 344])
        for (const named of file.answers.find((answer) => answer.reference_to === id).data.list)
          expect(`${lang} ${id}: ${named} is a measure`, titles.includes(named));
      expect(`${lang}: measure ids unique`, new Set(file.measures.map((measure) => measure.id)).size === titles.length);
      expect(`${lang}: created_at`, !Number.isNaN(Date.parse(file.pia.created_at)));
      expect(`${lang}: nothing decided for people`, file.evaluations.length === 0 && file.pia.dpo_status === null);
    }
  },
  /** OSCAL against the schemas of NIST, where they lie beside the project. */
  oscal() {
    const folder = resolve(options.source, '../shared/schemas');
    if (!existsSync(folder)) {
      console.log('SKIPPED: the OSCAL schemas are not here');
      process.exit(77);
    }
    // They are written for patterns with \p{L}, and name a format that ajv-formats does not have.
    const ajv = new Ajv({strict: false, unicodeRegExp: true, allErrors: true});
    addFormats(ajv);
    ajv.addFormat('idn-email', true);
    const validator = (name) => ajv.compile(JSON.parse(readFileSync(join(folder, `oscal_${name}_schema.json`), 'utf8')));
    const results = validator('assessment-results');
    const catalog = validator('catalog');
    const valid = (validate, name, document) => check(name, validate(document) ? '' : worded(validate.errors));
    for (const args of exchanged)
      for (const lang of ['en', 'fr']) valid(results, `${args.join(' ')} ${lang}`, sovrisk(...args, '--lang', lang, '-f', 'oscal'));
    for (const {id} of sovrisk('list', 'rules', '-f', 'json'))
      for (const lang of ['en', 'fr']) valid(catalog, `${id} ${lang}`, sovrisk('show', `ruleset/${id}`, '--lang', lang, '-f', 'oscal'));
    withHostile((mine, workload) => {
      for (const lang of ['en', 'fr']) {
        valid(results, `hostile assessment ${lang}`, sovrisk('assess', 'hostile-offering', '--catalogue', mine, '-w', workload, '--as-of', '2026-11-23', '--rules', '0-hostile', '--lang', lang, '-f', 'oscal'));
        valid(catalog, `hostile rule set ${lang}`, sovrisk('show', '0-hostile', '--catalogue', mine, '--lang', lang, '-f', 'oscal'));
      }
    });
    // A check that nothing fails is none.
    const broken = sovrisk(...exchanged[0], '-f', 'oscal');
    broken['assessment-results'].results[0].findings[0].target.status.state = 'unknown';
    check('a state that OSCAL does not have', results(broken) ? '    it passes' : '');
  },

  /** What the exchange formats must hold beyond any schema: names that lead somewhere, nothing undecided that passes. */
  exchange() {
    const expect = (name, holds) => check(name, holds ? '' : '    it does not hold');
    const rulesets = sovrisk('list', 'rules', '-f', 'json').map((entry) => entry.id);
    const catalogs = new Map(rulesets.map((id) => [id, sovrisk('show', `ruleset/${id}`, '-f', 'oscal').catalog]));
    const controlsOf = (part) => [...(part.controls ?? []), ...(part.groups ?? []).flatMap(controlsOf)];
    const states = {met: ['satisfied', 'pass'], 'partly-met': ['not-satisfied', 'fail'], 'not-met': ['not-satisfied', 'fail']};
    const valueOf = (part, name) => part.props.find((prop) => prop.name === name)?.value;

    for (const [id, catalog] of catalogs) {
      const controls = controlsOf(catalog);
      const ids = [...controls.map((control) => control.id), ...(catalog.groups ?? []).map((group) => group.id), ...controls.flatMap((control) => control.parts.map((part) => part.id ?? []).flat())];
      expect(`${id}: ids unique`, new Set(ids).size === ids.length);
      expect(`${id}: every criterion once`, controls.length === read(join(options.source, `rules/${id}.yaml`)).criteria.length);
      const resources = new Set((catalog['back-matter']?.resources ?? []).map((resource) => `#${resource.uuid}`));
      expect(`${id}: links lead somewhere`, controls.flatMap((control) => control.links ?? []).every((link) => resources.has(link.href)));
    }

    const results = (args, name) => {
      const text = printed(...args, '-f', 'oscal');
      expect(`${name}: the same twice`, text === printed(...args, '-f', 'oscal'));
      expect(`${name}: the same UUIDs in French`, JSON.stringify(uuidsOf(text)) === JSON.stringify(uuidsOf(printed(...args, '--lang', 'fr', '-f', 'oscal'))));
      const document = JSON.parse(text)['assessment-results'];
      const [result] = document.results;
      const own = [...result.observations, ...result.risks, ...(result.findings ?? []), ...document['back-matter'].resources].map((part) => part.uuid);
      expect(`${name}: UUIDs unique`, new Set([...own, document.uuid, result.uuid]).size === own.length + 2);
      const there = new Set(own.map((uuid) => `#${uuid}`));
      const hrefs = text.match(/"href": "#[^"]*"/g).map((href) => href.slice(9, -1));
      expect(`${name}: references lead somewhere`, hrefs.every((href) => there.has(href)));
      const observed = new Set(result.observations.map((part) => part.uuid));
      expect(`${name}: observations are there`, [...(result.findings ?? []), ...result.risks].flatMap((part) => part['related-observations'] ?? []).every((part) => observed.has(part['observation-uuid'])));
      expect(`${name}: dates are those of the assessment`, result.start === `${args[args.indexOf('--as-of') + 1]}T00:00:00Z` && document.metadata['last-modified'] === result.start);

      const assessment = sovrisk(...args, '-f', 'json');
      const criteria = assessment.frameworks.flatMap((framework) => framework.criteria.map((one) => ({...one, set: framework.id})));
      const findings = new Map((result.findings ?? []).map((part) => [`${valueOf(part, 'ruleset')} ${valueOf(part, 'criterion')}`, part]));
      for (const one of criteria) {
        const found = findings.get(`${one.set} ${one.id}`);
        const wanted = states[one.status];
        check(`${name}: ${one.set} ${one.id} ${one.status}`, !wanted ? (found ? '    it has a finding' : '')
          : JSON.stringify([found?.target.status.state, found?.target.status.reason]) === JSON.stringify(wanted) && valueOf(found, 'status') === one.status ? '' : '    another state');
        if (found && catalogs.has(one.set))
          expect(`${name}: ${one.set} ${one.id}: the statement is in the catalogue`, controlsOf(catalogs.get(one.set)).some((control) => control.parts.some((part) => part.id === found.target['target-id'])));
      }
      expect(`${name}: no finding beside`, findings.size === criteria.filter((one) => one.status in states).length);
      const selected = result['reviewed-controls']['control-selections'].flatMap((part) => part['include-controls'].map((control) => control['control-id']));
      expect(`${name}: controls reviewed`, selected.length === Math.max(1, criteria.filter((one) => one.status !== 'not-applicable').length));
      for (const exposure of assessment.exposures.filter((one) => one.certainty === 'certain' && one.scope !== 'none' && !one.background && ['in-force', 'winding-down'].includes(one.status) && one.effect.join() !== 'criterion'))
        expect(`${name}: risk by ${exposure.law}`, result.risks.some((risk) => valueOf(risk, 'law') === exposure.law && valueOf(risk, 'scope') === exposure.scope && risk.status === 'open'));
    };
    for (const args of exchanged) results(args, args.join(' '));

    const urnForm = /^urn:([a-zA-Z0-9_-]+):([a-zA-Z0-9_-]+):([a-zA-Z0-9_-]+)(?::([a-zA-Z0-9_-]+))?:([0-9A-Za-z[\]()\-._:]+)$/;
    const library = (name, args, criteria) => {
      const parsed = yaml.load(printed('show', ...args, '-f', 'ciso-assistant'), {schema: yaml.CORE_SCHEMA});
      const {framework} = parsed.objects;
      const nodes = framework.requirement_nodes;
      const urns = [parsed.urn, framework.urn, ...nodes.map((node) => node.urn)];
      expect(`${name}: URNs of the form that is taken`, urns.every((urn) => urnForm.test(urn) && urn === urn.toLowerCase() && urn.length <= 255));
      expect(`${name}: URNs unique`, new Set(urns).size === urns.length);
      expect(`${name}: version`, Number.isInteger(parsed.version) && parsed.version > 0);
      expect(`${name}: names short`, [parsed.name, framework.name, parsed.provider ?? 'x', ...nodes.map((node) => node.name ?? 'x')].every((text) => typeof text === 'string' && text.length > 0 && text.length <= 200));
      expect(`${name}: ids unique`, new Set(nodes.map((node) => node.ref_id ?? node.urn)).size === nodes.length);
      const seen = new Map();
      for (const node of nodes) {
        const parent = node.parent_urn === undefined ? undefined : seen.get(node.parent_urn);
        expect(`${name}: ${node.urn}: the parent stands before it`, node.parent_urn === undefined ? node.depth === 1 : parent !== undefined && node.depth === parent.depth + 1);
        seen.set(node.urn, node);
      }
      expect(`${name}: every criterion`, nodes.filter((node) => node.assessable).length === criteria);
      return parsed;
    };
    for (const id of rulesets) {
      const source = read(join(options.source, `rules/${id}.yaml`));
      const parsed = library(id, [`ruleset/${id}`], source.criteria.length);
      if (source.title.fr) {
        expect(`${id}: French`, parsed.translations.fr.name === source.title.fr);
        expect(`${id}: English beside French`, library(`${id} fr`, [`ruleset/${id}`, '--lang', 'fr'], source.criteria.length).translations.en.name === source.title.en);
      }
    }

    // A line end in quotes belongs to the field.
    const rowsOf = (text) => [...text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)].reduce((rows, [, quoted, plain, end]) => {
      rows.at(-1).push(quoted?.replaceAll('""', '"') ?? plain);
      if (end !== ',') rows.push([]);
      return rows;
    }, [[]]).slice(0, -1);
    const audit = (name, args, set) => {
      const [head, ...rows] = rowsOf(printed(...args, '-f', 'ciso-csv', '--audit', set));
      expect(`${name}: columns`, head.join() === 'urn,assessable,ref_id,name,description,compliance_result,requirement_progress,score,implementation_score,documentation_score,observations');
      expect(`${name}: rows are whole`, rows.every((row) => row.length === head.length));
      const criteria = sovrisk(...args, '-f', 'json').frameworks.find((framework) => framework.id === set).criteria;
      const results = {met: 'compliant', 'partly-met': 'partially_compliant', 'not-met': 'non_compliant', unknown: 'not_assessed', 'not-applicable': 'not_applicable'};
      expect(`${name}: results`, JSON.stringify(rows.map((row) => row[5])) === JSON.stringify(criteria.map((one) => results[one.status])));
      return rows;
    };
    const nodesOf = (parsed) => new Map(parsed.objects.framework.requirement_nodes.map((node) => [node.urn, node]));
    for (const set of ['eu-csf', 'secnumcloud', 'gdpr-chapter-v']) {
      const nodes = nodesOf(yaml.load(printed('show', set, '-f', 'ciso-assistant'), {schema: yaml.CORE_SCHEMA}));
      for (const row of audit(set, exchanged[0], set)) expect(`${set}: ${row[0]} is a requirement of the library`, nodes.get(row[0])?.ref_id === row[2]);
    }

    withHostile((mine, workload) => {
      const args = ['assess', 'hostile-offering', '--catalogue', mine, '-w', workload, '--as-of', '2026-11-23', '--rules', '0-hostile'];
      results(args, 'hostile');
      const parsed = library('hostile', ['0-hostile', '--catalogue', mine], 3);
      expect('hostile: ids that differ in case', parsed.objects.framework.requirement_nodes.filter((node) => node.ref_id?.toLowerCase() === 'a').length === 2);
      audit('hostile', args, '0-hostile');
      for (const format of [['-f', 'oscal'], ['-f', 'ciso-csv', '--audit', '0-hostile']]) {
        const text = printed(...args, ...format);
        expect(`hostile ${format[1]}: no control characters`, !/[\u0000-\u0009\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/.test(text));
        if (format[1] === 'oscal') expect('hostile oscal: no tag in Markdown, no script as an address', !/"(title|description|prose|statement|text|remarks)": "[^"]*<script/.test(text) && !/"href": "(?!#|https?:|[\w./%~-]*")/.test(text));
      }
    });
  },
  /** SARIF 2.1.0, and what GitHub asks beyond the schema. */
  sarif() {
    // Its pattern of languages is none where patterns are of Unicode.
    const ajv = new Ajv({strict: false, allErrors: true, unicodeRegExp: false});
    addFormats(ajv);
    // The schema names draft 4, of which ajv knows nothing; it uses no word that means something else since.
    const {$schema, id, ...schema} = bundled('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json');
    const validate = ajv.compile(schema);
    check('the schema refuses', validate({version: '2.1.0', runs: [{results: [{}]}]}) ? '    it takes anything' : '');
    eachGate('sarif', ({name, exit, text, again, root}) => {
      const expect = (what, holds) => check(`${name}: ${what}`, holds ? '' : '    it does not hold');
      const log = JSON.parse(text);
      check(name, validate(log) ? '' : worded(validate.errors));
      expect('the same twice', text === again);
      const [run] = log.runs;
      const ids = run.tool.driver.rules.map((rule) => rule.id);
      expect('rules once', ids.length > 0 && new Set(ids).size === ids.length);
      expect('results where it does not pass', (exit === 0) || run.results.length > 0);
      expect('suppressions of all or none', new Set(run.results.map((one) => 'suppressions' in one)).size <= 1);
      for (const one of run.results) {
        const place = one.locations[0].physicalLocation;
        expect(`${one.ruleId}: rule`, ids[one.ruleIndex] === one.ruleId);
        const uri = place.artifactLocation.uri;
        expect(`${one.ruleId}: at a line of a file of the user`, place.region.startLine >= 1 && !/[\\ ]/.test(uri) && existsSync(resolve(root, decodeURIComponent(uri.replace(/^file:\/\//, '')))));
        expect(`${one.ruleId}: a level for what fails, none for what is open`, one.kind === 'fail' ? ['error', 'warning', 'note'].includes(one.level) : one.kind === 'open' && !('level' in one));
      }
    });
  },

  /** What Jenkins takes, by its schema; and that no two cases have the same names. */
  junit() {
    const xsd = resolve(options.source, '../shared/schemas/junit-10.xsd');
    if (!existsSync(xsd)) {
      console.log('SKIPPED: the schema of JUnit files is not here');
      process.exit(77);
    }
    for (const format of ['junit', 'junit-gitlab']) {
      eachGate(format, ({name, text, again}) => {
        const expect = (what, holds) => check(`${name}: ${what}`, holds ? '' : '    it does not hold');
        const valid = (input) => {
          const run = spawnSync('xmllint', ['--nonet', '--noout', '--schema', xsd, '-'], {input, encoding: 'utf8'});
          return run.status === 0 ? '' : `    ${run.error?.message ?? run.stderr}`;
        };
        expect('the same twice', text === again);
        check(name, valid(format === 'junit' ? text : text.replace(/(<testcase [^>]*) file="[^"]*"/g, '$1')));
        const cases = [...text.matchAll(/<testcase classname="([^"]*)" name="([^"]*)"( file="[^"]*")?/g)];
        expect('names unique', new Set(cases.map(([, suite, one]) => `${suite}\n${one}`)).size === cases.length && cases.length > 0);
        expect('file', format === 'junit' ? cases.every(([, , , file]) => file === undefined) : cases.some(([, , , file]) => file !== undefined));
        expect('counts', Number(/<testsuites [^>]*tests="(\d+)"/.exec(text)[1]) === cases.length);
      });
    }
  },

  /** GitLab publishes no schema: this one says what its documentation asks. */
  'code-quality'() {
    const validate = new Ajv({allErrors: true}).compile({type: 'array', items: {type: 'object', required: ['description', 'check_name', 'fingerprint', 'severity', 'location'],
      properties: {description: {type: 'string', minLength: 1}, check_name: {type: 'string', minLength: 1}, fingerprint: {type: 'string', minLength: 1},
        severity: {enum: ['info', 'minor', 'major', 'critical', 'blocker']},
        location: {type: 'object', required: ['path', 'lines'], properties: {path: {type: 'string', pattern: '^(?!\\./)'},
          lines: {type: 'object', required: ['begin'], properties: {begin: {type: 'integer', minimum: 1}}}}}}}});
    eachGate('code-quality', ({name, text, again}) => {
      const list = JSON.parse(text);
      check(name, validate(list) ? '' : worded(validate.errors));
      check(`${name}: fingerprints unique`, new Set(list.map((one) => one.fingerprint)).size === list.length ? '' : '    some are there twice');
      check(`${name}: no byte order mark, the same twice`, text === again && text.startsWith('[') ? '' : '    it does not hold');
    });
  },

  /** CycloneDX 1.6, with references that the schema does not follow. */
  cyclonedx() {
    const folder = '@cyclonedx/cyclonedx-library/res/schema';
    const ajv = new Ajv({strict: false, allErrors: true});
    addFormats(ajv);
    for (const name of ['iri-reference', 'idn-email']) ajv.addFormat(name, true);
    for (const [name, file] of [['spdx', 'spdx'], ['jsf-0.82', 'jsf-0.82'], ['cryptography-defs', 'cryptography-defs']])
      ajv.addSchema(bundled(`${folder}/${file}.SNAPSHOT.schema.json`), `http://cyclonedx.org/schema/${name}.SNAPSHOT.schema.json`);
    const validate = ajv.compile(bundled(`${folder}/bom-1.6.SNAPSHOT.schema.json`));
    eachGate('cyclonedx', ({name, exit, text, again}) => {
      const expect = (what, holds) => check(`${name}: ${what}`, holds ? '' : '    it does not hold');
      const bom = JSON.parse(text);
      check(name, validate(bom) ? '' : worded(validate.errors));
      expect('the same twice', text === again);
      const said = bom.declarations;
      const requirements = new Set(bom.definitions.standards.flatMap((standard) => standard.requirements.map((one) => one['bom-ref'])));
      const claims = new Set(said.claims.map((one) => one['bom-ref']));
      const evidence = new Set(said.evidence.map((one) => one['bom-ref']));
      const map = said.attestations.flatMap((one) => one.map);
      expect('requirements are defined', map.length > 0 && map.every((one) => requirements.has(one.requirement)));
      expect('claims are made', map.every((one) => [...(one.claims ?? []), ...(one.counterClaims ?? [])].every((claim) => claims.has(claim))));
      expect('evidence is there', said.claims.every((one) => (one.evidence ?? []).every((fact) => evidence.has(fact))));
      expect('references once', new Set(text.match(/"bom-ref": "[^"]*"/g)).size === text.match(/"bom-ref": "[^"]*"/g).length);
      expect('a failure is a counter-claim', exit !== 1 || map.some((one) => one.counterClaims && one.conformance.score === 0));
    });
  },

  decisions() {
    const collection = resolve(options.source, '../shared/decisions/decisions.yaml');
    if (!existsSync(collection)) {
      console.log('SKIPPED: the collection of decisions is not here');
      process.exit(77);
    }
    const day = (value) => (value instanceof Date ? value.toISOString().slice(0, 10) : String(value));
    const list = (value) => [value ?? []].flat();
    // Laws that the collection names otherwise, and those that the catalogue has no entry for.
    const laws = {'us-sanctions': 'us-ofac-ieepa', 'ca-production-order': 'ca-cc-487'};
    const grades = (value) => list(value).sort().join(', ');
    for (const one of read(collection).cases) {
      const path = join(options.source, 'tests/decisions', `${one.id}.yaml`);
      if (!existsSync(path)) {
        check(one.id, '    there is no case');
        continue;
      }
      const document = read(path);
      const {decided, expect} = document;
      const scored = list(one.expected.score).includes('verdict');
      const wrong = [];
      const same = (what, got, wanted) => got === wanted || wrong.push(`    ${what}: ${got}, collected: ${wanted}`);
      same('on', day(decided.on), day(one.date));
      same('as_of', day(document.as_of), day(one.expected.as_of ?? one.date));
      same('kind', decided.kind, one.decider.kind);
      same('question', decided.question, one.question);
      same('outcome', decided.outcome, one.outcome);
      same('fits', grades(decided.fits), scored ? grades(one.expected.verdict) : '');
      for (const exposure of list(one.expected.exposure)) {
        const grade = expect[laws[exposure.law] ?? exposure.law];
        if (grade !== undefined) same(exposure.law, grades(grade), grades(exposure.certainty));
      }
      check(one.id, wrong.join('\n'));
    }
  },

  /** The contract refuses what it should: a schema that takes everything would pass all of the above. */
  strictness() {
    const validate = validators().getSchema('assessment.schema.json');
    const good = () => sovrisk('assess', 'azure', '-w', 'examples/emc2/workload.yaml', '--as-of', days[0], '-f', 'json');
    const text = JSON.stringify(good());
    const spoil = {
      'a key more at the top': [(a) => (a.extra = 1), true],
      'another format': [(a) => (a.format = 'sovrisk-assessment/2'), false],
      'no verdict': [(a) => delete a.verdict, false],
      'a verdict of its own': [(a) => (a.verdict.value = 'fine'), false],
      'a conditional verdict without an end': [(a) => (a.verdict.until = null), false],
      'undetermined with one verdict left': [(a) => (a.verdict.value = 'undetermined'), false],
      'a day that is none': [(a) => (a.as_of = '2023-02-30'), false],
      'a short digest': [(a) => (a.inputs[0].sha256 = 'abc'), false],
      'an unknown certainty': [(a) => (a.exposures[0].certainty = 'likely'), false],
      'a risk above the scale': [(a) => (a.risks[0].severity = 5), false],
      'a key more in an exposure': [(a) => (a.exposures[0].extra = 1), false],
      'a score as text': [(a) => (a.frameworks.find((one) => one.score).score.min = '4'), false],
      'a part above one': [(a) => (a.missing[0].closes = 1.5), false],
    };
    check('as it is', validate(JSON.parse(text)) ? '' : worded(validate.errors));
    for (const [name, [change, valid]] of Object.entries(spoil)) {
      const assessment = JSON.parse(text);
      change(assessment);
      check(name, validate(assessment) === valid ? '' : `    it is ${valid ? 'refused' : 'taken'}`);
    }
  },
};

const wanted = positionals.length > 0 ? positionals : Object.keys(tasks);
for (const name of wanted) {
  if (!(name in tasks)) {
    console.error(`unknown check ${name}; one of: ${Object.keys(tasks).join(', ')}`);
    process.exit(2);
  }
  const before = checked;
  tasks[name]();
  if (checked === before) check(name, '    nothing was checked');
}
console.log(`${checked - failed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
