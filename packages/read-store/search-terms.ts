/** One word a search asks for. */
export interface SearchTerm {
  readonly text: string;
  /** Words that begin with the text match too. */
  readonly isBeginning: boolean;
}

/** What a word of a search asks for: what holds spaces is several words, what holds nothing says nothing. */
export function searchTerms(word: string): SearchTerm[] {
  return word.split(/[\s\0]+/).flatMap((part) => {
    const isBeginning = part.endsWith('*');
    const text = isBeginning ? part.slice(0, -1) : part;
    return text === '' ? [] : [{ text, isBeginning }];
  });
}
