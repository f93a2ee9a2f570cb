"""A made-up music library that looks like a real one, the same bytes whoever makes it.

`plan` decides what there is, `seeds` encodes a few seconds of sound, `tagging` writes what is
planned into them, and `build` puts the files in place.
"""

from bench.corpus.build import Corpus, CorpusError, ensure_corpus

__all__ = ["Corpus", "CorpusError", "ensure_corpus"]
