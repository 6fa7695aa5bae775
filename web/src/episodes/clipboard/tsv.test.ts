import { describe, expect, it } from 'vitest';

import { bare, inert, readTsv, writeTsv } from './tsv';

describe('what spreadsheets copy', () => {
  it('is cells between tabs, and rows on lines', () => {
    expect(readTsv('a\tb\r\nc\td\r\n')).toEqual([['a', 'b'], ['c', 'd']]); // Excel
    expect(readTsv('a\tb\nc\td')).toEqual([['a', 'b'], ['c', 'd']]); // Sheets
    expect(readTsv('one')).toEqual([['one']]);
    expect(readTsv('')).toEqual([]);
  });

  it('may have cells of several lines, in quotes', () => {
    expect(readTsv('a\t"one\ntwo ""and"" three"\tb\r\nc')).toEqual([['a', 'one\ntwo "and" three', 'b'], ['c']]);
    expect(readTsv('"one\r\ntwo"')).toEqual([['one\ntwo']]);
    expect(readTsv('"a\tb"')).toEqual([['a\tb']]);
    const long = 'a\t'.repeat(5_000_000);
    expect(readTsv(`"${long}"`)[0]?.[0] === long).toBe(true);
  });

  it('keeps quotes that belong to the cell', () => {
    expect(readTsv('"Hello"\tworld')).toEqual([['"Hello"', 'world']]);
    expect(readTsv('5" disk\t"Hello" she said\n"')).toEqual([['5" disk', '"Hello" she said'], ['"']]);
    expect(readTsv('"open\tnext\nline')).toEqual([['"open', 'next'], ['line']]);
  });

  it('keeps empty cells and lines in their places', () => {
    expect(readTsv('\ta\t\n\n\tb')).toEqual([['', 'a', ''], [''], ['', 'b']]);
    expect(readTsv('a\t\r\n')).toEqual([['a', '']]);
    expect(readTsv('\n')).toEqual([['']]);
    expect(readTsv('\n\n')).toEqual([[''], ['']]);
  });

  it('comes back as it was copied', () => {
    const rows = [['a', '', 'one\ntwo "three"'], ['"b"', 'tab\there', '']];
    expect(readTsv(writeTsv(rows))).toEqual(rows);
  });

  it('is no formula', () => {
    const words = ['=1+1', "'=1+1", '-5', '@home', "'quoted'", 'plain', '+1'];
    expect(words.map(inert)).toEqual(["'=1+1", "''=1+1", "'-5", "'@home", "'quoted'", 'plain', "'+1"]);
    expect(words.map((one) => bare(inert(one)))).toEqual(words);
  });
});
