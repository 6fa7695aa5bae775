/** Encodings that can be asked for, where the file does not tell. */
export const encodings = [
  'UTF-8', 'UTF-16LE', 'UTF-16BE', 'windows-1252', 'windows-1250', 'windows-1251', 'windows-1253', 'windows-1254', 'windows-1255', 'windows-1256', 'windows-1257', 'windows-874',
  'ISO-8859-2', 'ISO-8859-5', 'ISO-8859-7', 'ISO-8859-15', 'macintosh', 'KOI8-R', 'KOI8-U', 'IBM850', 'IBM852', 'IBM866', 'Shift_JIS', 'EUC-JP', 'GB18030', 'Big5', 'EUC-KR',
];
