"""stub"""
from dataclasses import dataclass
from rapidfuzz import fuzz, process
@dataclass(frozen=True, slots=True)
class Match:
    id: int
    score: float
@dataclass(frozen=True, slots=True)
class Difference:
    op: str
    text: str
class MemoryIndex:
    def __init__(self): self.t={}
    def add(self, id, text): self.t[id]=text
    def search(self, text, *, at_least=70, limit=9):
        return [Match(k,s) for _t,s,k in process.extract(text,self.t,scorer=fuzz.ratio,score_cutoff=at_least,limit=limit)]
def difference(a,b,language=""): return []
