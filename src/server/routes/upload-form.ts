import Type from 'typebox';
import { UploadFields } from '../../protocol/contract-answer.ts';
import { Failure } from '../../protocol/failure.ts';
import { fromStrings } from '../../protocol/from-strings.ts';
import { parse } from '../../protocol/parse.ts';
import { namesOf } from '../by-path.ts';
import type { FormField } from './form-parts.ts';

const SOME = Type.Partial(UploadFields);

/** The text fields of an upload, in whatever order they come. Those that nobody knows are passed over. */
export class UploadForm {
  readonly #fields = new Map<string, string>();
  readonly #maxFileSize: number;

  constructor(maxFileSize: number) {
    this.#maxFileSize = maxFileSize;
  }

  /** Throws Failure `bad_request` for a field that comes twice: which of them would count? */
  add({ name, value }: FormField): void {
    if (!Object.hasOwn(UploadFields.properties, name)) return;
    if (this.#fields.has(name)) throw new Failure('bad_request', `${name} is given twice.`);
    this.#fields.set(name, value);
  }

  /** What has come so far, checked: nothing large is read for what will be refused. */
  known(): Partial<UploadFields> {
    return parse(SOME, this.#read());
  }

  /** Throws Failure `bad_request` for what is missing or wrong. */
  whole(): UploadFields {
    return parse(UploadFields, this.#read());
  }

  #read(): Record<string, unknown> {
    const fields = fromStrings(UploadFields, Object.fromEntries(this.#fields));
    const { relative_path: path, original_size: size } = fields;
    if (typeof path === 'string') namesOf(path);
    if (typeof size === 'number' && size > this.#maxFileSize) throw new Failure('file_too_large');
    return fields;
  }
}
