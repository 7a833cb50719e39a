/**
 * The stack's template in JSON long form, wrapped so that what the tests read is counted.
 *
 * `template.Resources.Bucket.Properties.BucketName` is counted as a read of that value when the test around it
 * passes and has an `expect`. Listing names alone, or JSON.stringify, counts for nothing. It cannot be changed.
 */
import { parse, templateFile } from './parse';

const wrapped = new WeakMap<object, unknown>();

function note(steps: string[]): void {
  const reads = (globalThis as any).__TEMPLATE_READS__ as Set<string> | undefined;
  reads?.add(JSON.stringify(steps));
}

function wrap(target: any, steps: string[]): any {
  if (target === null || typeof target !== 'object') {
    note(steps);
    return target;
  }
  let proxy = wrapped.get(target);
  if (!proxy) {
    proxy = new Proxy(target, {
      get(object, key) {
        if (key === 'toJSON') {
          return () => object;
        }
        if (typeof key === 'symbol' || !Object.prototype.hasOwnProperty.call(object, key)) {
          return Reflect.get(object, key);
        }
        return Array.isArray(object) && key === 'length' ? object.length : wrap(object[key], [...steps, key]);
      },
      set(_object, key) {
        throw new TypeError(`the template cannot be changed by a test (${[...steps, String(key)].join('.')})`);
      },
      deleteProperty(_object, key) {
        throw new TypeError(`the template cannot be changed by a test (${[...steps, String(key)].join('.')})`);
      },
    });
    wrapped.set(target, proxy);
  }
  return proxy;
}

export const template: Record<string, any> = wrap(parse(), []);
export { templateFile };
