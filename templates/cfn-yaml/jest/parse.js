/** Reads the stack's template, YAML with its short forms or JSON, to JSON long form. */
const fs = require('fs');
const path = require('path');
const { isAlias, isMap, isScalar, isSeq, parseDocument } = require('yaml');

const lib = path.join(__dirname, '..', 'lib');
const names = ['TapStack.yml', 'TapStack.yaml', 'TapStack.json'];

/** The template file: lib/TapStack.yml, .yaml or .json. */
const templateFile = path.join(lib, names.find(name => fs.existsSync(path.join(lib, name))) ?? names[0]);

function longForm(tag, value) {
  const name = tag.slice(1);
  if (name === 'Ref' || name === 'Condition') {
    return { [name]: value };
  }
  if (name === 'GetAtt' && typeof value === 'string') {
    const dot = value.indexOf('.');
    return { 'Fn::GetAtt': dot < 0 ? [value] : [value.slice(0, dot), value.slice(dot + 1)] };
  }
  return { [`Fn::${name}`]: value };
}

function plain(node, document) {
  if (isAlias(node)) {
    return plain(node.resolve(document), document);
  }
  let value = null;
  if (isMap(node)) {
    const pairs = node.items.map(pair => [isScalar(pair.key) ? pair.key.value : pair.key, plain(pair.value, document)]);
    value = Object.fromEntries(pairs);
  } else if (isSeq(node)) {
    value = node.items.map(item => plain(item, document));
  } else if (isScalar(node)) {
    value = node.value;
  }
  const tag = node?.tag ?? '';
  return /^![A-Za-z]/.test(tag) ? longForm(tag, value) : value;
}

/** The template as an object in JSON long form. */
function parse(file = templateFile) {
  const document = parseDocument(fs.readFileSync(file, 'utf8'), { logLevel: 'error' });
  if (document.errors.length > 0) {
    throw new Error(`${file}: ${document.errors[0].message}`);
  }
  return plain(document.contents, document);
}

module.exports = { parse, templateFile };
