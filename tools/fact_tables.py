#!/usr/bin/env python3
"""Writes the fact tables' descriptions (fact_tables.cpp, facts.h) anew from the migrations' SQL."""
import re, subprocess
from pathlib import Path

D = str(Path(__file__).resolve().parent.parent / "src/adapters/storage") + "/"
sql=open(D+'migrations/0001_first/up.sql').read()
tables=[]
for m in re.finditer(r'CREATE TABLE (\w+) \((.*?)\n\) \{clustered\};',sql,re.S):
    name,body=m.group(1),m.group(2)
    cols=[];pk=None
    for line in body.strip().split('\n'):
        line=line.strip().rstrip(',')
        if not line or line.startswith('--'): continue
        if line.startswith('CONSTRAINT'):
            k=re.search(r'PRIMARY KEY \((.*)\)',line)
            if k: pk=[c.strip() for c in k.group(1).split(',')]
            continue
        w=line.split()
        cols.append((w[0],{'{i64}':'i64','TEXT':'text','{blob}':'blob'}[w[1]],'NOT NULL' not in line))
    names=[c[0] for c in cols]
    if 'entry_id' not in names or name.startswith('journal'): continue
    e=names.index('entry_id')
    assert names[:e]==pk,(name,pk,names[:e])
    tables.append((name,cols,e))
tables.sort()
out=[]
for name,cols,e in tables:
    out.append(f'constexpr FactColumn {name}_columns[] = {{'+', '.join(f'{c[1]}("{c[0]}")' if not c[2] else f'maybe({c[1]}("{c[0]}"))' for c in cols)+'};')
p=D+'fact_tables.cpp'; s=open(p).read()
a=s.index('constexpr FactColumn maybe'); a=s.index('\n',a)+2
b=s.index('}  // namespace\n')
s=s[:a]+'\n'.join(out)+'\n\n'+s[b:]
b=s.index('}  // namespace\n')+len('}  // namespace\n')
t='\n'.join(f'const FactTable {n}{{"{n}", {n}_columns, {e}}};' for n,c,e in tables)
s=s[:b]+'\n'+t+'\n\nstd::span<const FactTable* const> all() {\n  static const FactTable* const tables[] = {'+', '.join('&'+n for n,_,_ in tables)+'};\n  return tables;\n}\n\n}  // namespace arrears::storage::facts\n'
open(p,'w').write(s)
subprocess.run(['clang-format-19','-i',p])
h='\n'.join(f'extern const FactTable {n};' for n,_,_ in tables)
p=D+'facts.h'; s=open(p).read()
s=re.sub(r'(extern const FactTable \w+;\n)+',h+'\n',s)
open(p,'w').write(s)
print(len(tables))
