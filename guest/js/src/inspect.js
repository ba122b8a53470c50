// Values as text, in the manner of Node's util.inspect and util.format.

const isKey = /^[A-Za-z_$][\w$]*$/;

/** One value; nested ones to a depth of 2. */
export function inspect(value, { depth = 2 } = {}, seen = []) {
  switch (typeof value) {
    case 'string': return quote(value);
    case 'bigint': return `${value}n`;
    case 'function': return value.name ? `[Function: ${value.name}]` : '[Function (anonymous)]';
    case 'symbol': return value.toString();
    case 'number': return Object.is(value, -0) ? '-0' : String(value);
    case 'object': break;
    default: return String(value);
  }
  if (value === null) return 'null';
  if (seen.includes(value)) return '[Circular *1]';
  if (value instanceof Error) return errorText(value);
  if (value instanceof Date || value instanceof RegExp) return value instanceof Date ? value.toISOString() : String(value);
  if (globalThis.Buffer?.isBuffer(value)) {
    const shown = Array.from(value.subarray(0, 50), (byte) => byte.toString(16).padStart(2, '0')).join(' ');
    return `<Buffer${shown && ` ${shown}`}${value.length > 50 ? ` ... ${value.length - 50} more bytes` : ''}>`;
  }
  const isList = Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
  const name = value.constructor?.name ?? 'Object: null prototype';
  if (seen.length > depth) return isList ? '[Array]' : `[${name}]`;
  const nested = (inner) => inspect(inner, { depth }, [...seen, value]);
  if (isList) {
    const parts = Array.from(value).slice(0, 100).map(nested);
    if (value.length > 100) parts.push(`... ${value.length - 100} more items`);
    return wrap(Array.isArray(value) ? '' : `${name}(${value.length}) `, '[', parts, ']', seen.length);
  }
  if (value instanceof Map) {
    const parts = Array.from(value, ([key, inner]) => `${nested(key)} => ${nested(inner)}`);
    return wrap(`Map(${value.size}) `, '{', parts, '}', seen.length);
  }
  if (value instanceof Set) return wrap(`Set(${value.size}) `, '{', Array.from(value, nested), '}', seen.length);
  const parts = Object.keys(value).map((key) => `${isKey.test(key) ? key : quote(key)}: ${nested(value[key])}`);
  const prefix = name === 'Object' ? '' : `${name.startsWith('Object:') ? `[${name}]` : name} `;
  return wrap(prefix, '{', parts, '}', seen.length);
}

function quote(text) {
  const mark = !text.includes("'") ? "'" : !text.includes('"') ? '"' : '`';
  return mark + text.replace(/[\\\n\r\t]/g, (c) => ({ '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' })[c]) + mark;
}

function wrap(prefix, open, parts, close, level) {
  if (parts.length === 0) return `${prefix}${open}${close}`;
  const line = `${prefix}${open} ${parts.join(', ')} ${close}`;
  if (line.length <= 72 && !line.includes('\n')) return line;
  const indent = '  '.repeat(level + 1);
  return `${prefix}${open}\n${parts.map((part) => indent + part).join(',\n')}\n${'  '.repeat(level)}${close}`;
}

/** An error with its stack, further fields and causes. */
export function errorText(error) {
  const title = Object.hasOwn(error, 'toString') ? error.toString() : Error.prototype.toString.call(error);
  // The engines' stacks begin without the message, and one of them writes `function@file:line`.
  const stack = String(error.stack ?? '').split('\n').map((line) => line.trim()).filter((line) => line && line !== title);
  const lines = stack.map((line) => `    at ${line.replace(/^at /, '').replace(/^(.*)@([^@]*)$/, (_, f, place) => (f ? `${f} (${place})` : place))}`);
  const fields = Object.keys(error).filter((key) => key !== 'toString').map((key) => `${key}: ${inspect(error[key])}`);
  const cause = Object.hasOwn(error, 'cause') ? `\n  [cause]: ${inspect(error.cause)}` : '';
  return [title, ...lines].join('\n') + (fields.length ? ` {\n  ${fields.join(',\n  ')}\n}` : '') + cause;
}

/** The arguments of `console.log` as one text. */
export function format(first, ...rest) {
  const text = typeof first === 'string'
    ? first.replace(/%[sdifjoOc%]/g, (mark) => {
      if (mark === '%%') return '%';
      if (rest.length === 0) return mark;
      const value = rest.shift();
      switch (mark) {
        case '%s': return typeof value === 'string' ? value : inspect(value, { depth: 0 });
        case '%d': return typeof value === 'bigint' ? `${value}n` : String(Number(value));
        case '%i': return String(parseInt(value, 10));
        case '%f': return String(parseFloat(value));
        case '%j': return JSON.stringify(value);
        case '%c': return '';
        default: return inspect(value, { depth: 4 });
      }
    })
    : inspect(first);
  return [text, ...rest.map((value) => (typeof value === 'string' ? value : inspect(value)))].join(' ');
}
