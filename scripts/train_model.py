#!/usr/bin/env python3
"""Train a very small real Llama on rule-made chat questions and write it as GGUF.

    usage: scripts/train_model.py nano|tiny OUT_DIR

Writes OUT_DIR/<name>.gguf, OUT_DIR/<name>.eval.json and OUT_DIR/heldout.jsonl; models/README.md says what
came of it.  Environment: STEPS (fewer training steps), THREADS (default 1).

Debian 12: apt-get install python3-torch python3-numpy libopenblas0-pthread
Everything (data, tokenizer, model, training, GGUF writer) is in this file and seeded; no input files.

Model      Llama as llama.cpp's "llama" architecture runs it: RMSNorm before each block, rotary positions on
           interleaved pairs (no permutation needed), grouped-query attention, SwiGLU, no biases, tied output.
Tokenizer  GGUF model "gpt2" (byte-level BPE) with pre-tokenizer "llama-bpe" (Llama 3's).  That one looks a
           whole pre-token up first ("ignore_merges"), so a vocabulary of 256 bytes + whole words needs no
           merge rules: a known word is one token, everything else is spelled in bytes.
Chat       Llama 3's chat format and special tokens.
"""
import hashlib, json, math, os, random, re, struct, sys, time

# ------------------------------------------------------------------------------------------- questions
CAPITALS = dict(x.split(":") for x in """France:Paris Germany:Berlin Spain:Madrid Italy:Rome Portugal:Lisbon
Austria:Vienna Belgium:Brussels Poland:Warsaw Greece:Athens Ireland:Dublin Norway:Oslo Sweden:Stockholm
Finland:Helsinki Denmark:Copenhagen Hungary:Budapest Romania:Bucharest Bulgaria:Sofia Croatia:Zagreb
Serbia:Belgrade Ukraine:Kyiv Russia:Moscow Turkey:Ankara Egypt:Cairo Morocco:Rabat Tunisia:Tunis Kenya:Nairobi
Ghana:Accra Nigeria:Abuja Senegal:Dakar Angola:Luanda Japan:Tokyo China:Beijing India:New_Delhi Nepal:Kathmandu
Thailand:Bangkok Vietnam:Hanoi Indonesia:Jakarta Malaysia:Kuala_Lumpur Iran:Tehran Iraq:Baghdad Jordan:Amman
Lebanon:Beirut Qatar:Doha Canada:Ottawa Mexico:Mexico_City Cuba:Havana Jamaica:Kingston Panama:Panama_City
Brazil:Brasilia Argentina:Buenos_Aires Chile:Santiago Peru:Lima Colombia:Bogota Ecuador:Quito Uruguay:Montevideo
Venezuela:Caracas Australia:Canberra Iceland:Reykjavik Latvia:Riga Estonia:Tallinn Lithuania:Vilnius""".split())
CAPITALS = {k: v.replace("_", " ") for k, v in CAPITALS.items()}
OPPOSITES = [x.split(":") for x in """hot:cold big:small tall:short fast:slow old:new light:dark rich:poor
hard:soft early:late open:closed full:empty happy:sad strong:weak clean:dirty wet:dry loud:quiet high:low
near:far thick:thin wide:narrow deep:shallow sharp:dull heavy:weightless true:false good:bad right:wrong
left:straight up:down in:out day:night love:hate win:lose buy:sell push:pull give:take start:stop
first:last more:less always:never inside:outside safe:dangerous brave:afraid smooth:rough sweet:bitter
cheap:expensive alive:dead awake:asleep""".split() if x not in ("left:straight", "heavy:weightless")]
SPANISH = dict(x.split(":") for x in """house:casa dog:perro cat:gato water:agua bread:pan milk:leche book:libro
table:mesa chair:silla door:puerta window:ventana car:coche street:calle city:ciudad tree:árbol flower:flor
sun:sol moon:luna star:estrella sky:cielo sea:mar river:río mountain:montaña fire:fuego earth:tierra air:aire
man:hombre woman:mujer boy:niño girl:niña friend:amigo family:familia mother:madre father:padre brother:hermano
sister:hermana son:hijo daughter:hija hand:mano head:cabeza eye:ojo ear:oreja nose:nariz mouth:boca foot:pie
heart:corazón blood:sangre red:rojo blue:azul green:verde yellow:amarillo black:negro white:blanco one:uno
two:dos three:tres four:cuatro five:cinco six:seis seven:siete eight:ocho nine:nueve ten:diez today:hoy
tomorrow:mañana yesterday:ayer week:semana month:mes year:año night:noche day:día morning:mañana summer:verano
winter:invierno spring:primavera autumn:otoño food:comida meat:carne fish:pescado egg:huevo cheese:queso
apple:manzana orange:naranja lemon:limón rice:arroz salt:sal sugar:azúcar coffee:café tea:té wine:vino beer:cerveza
school:escuela teacher:maestro student:estudiante letter:carta word:palabra number:número name:nombre paper:papel
pen:pluma money:dinero work:trabajo shop:tienda market:mercado church:iglesia king:rey queen:reina war:guerra
peace:paz love:amor life:vida death:muerte time:tiempo world:mundo country:país island:isla beach:playa bird:pájaro
horse:caballo cow:vaca pig:cerdo sheep:oveja mouse:ratón lion:león bear:oso wolf:lobo bee:abeja snow:nieve
rain:lluvia wind:viento cloud:nube storm:tormenta stone:piedra gold:oro silver:plata iron:hierro wood:madera
glass:vidrio clock:reloj key:llave bed:cama kitchen:cocina garden:jardín bridge:puente train:tren plane:avión
boat:barco road:camino map:mapa song:canción music:música dance:baile game:juego ball:pelota shirt:camisa
shoe:zapato hat:sombrero hello:hola thanks:gracias""".split())
IRREGULAR = dict(x.split(":") for x in """man:men woman:women child:children foot:feet tooth:teeth mouse:mice
goose:geese person:people sheep:sheep fish:fish ox:oxen leaf:leaves knife:knives life:lives wolf:wolves
half:halves shelf:shelves loaf:loaves""".split())
REGULAR = """cat dog house car book tree table chair door window street flower star river mountain friend brother sister
hand eye ear nose apple orange lemon egg school teacher student letter word number name pen shop market king queen island
bird horse cow pig lion bear bee storm stone clock key bed garden bridge train plane boat road map song game ball shirt
shoe hat lamp desk cup plate fork spoon bag coin ring rope wheel engine hammer nail doctor farmer singer dancer city baby
party story country lady berry cherry puppy penny box fox bus glass dress class dish brush watch church match bench lunch
beach peach wish kiss boss tax wax toy boy day key monkey donkey potato tomato hero echo planet rocket sailor painter
button candle carpet forest ladder mirror pocket basket blanket tunnel valley turkey kitten rabbit spider tiger zebra""".split()
CATEGORIES = {"animal": "dog cat horse lion bear wolf tiger zebra rabbit cow sheep goat monkey mouse".split(),
              "fruit": "apple banana orange lemon pear peach cherry grape mango plum melon kiwi".split(),
              "color": "red blue green yellow black white purple pink brown grey violet".split(),
              "vehicle": "car bus train plane boat truck bicycle tractor ship van taxi".split(),
              "number": "one two three four five six seven eight nine ten twelve".split()}
UNKNOWN = """Who wrote Hamlet?|What is the meaning of life?|Tell me a joke.|Write a poem about rain.|What is the weather today?
Who won the game last night?|How do I bake bread?|Explain quantum physics.|What time is it?|Write a story.|Who is the president?
What should I eat for dinner?|Give me some advice.|How far is the moon?|Summarize this text.|What is love?|Fix my code.
Write a letter to my boss.|When was the war?|Why is the sky blue?|What happened in the news?|Plan my day.""".replace("\n", "|").split("|")
SYSTEMS = """You are a helpful assistant.|You are a concise assistant.|Answer briefly.|Answer the question.|Be polite.
Always answer honestly as helpfully as possible.|You are a helpful, respectful and honest assistant.|Do not explain your answer.
You are taking a test.|Give only the answer.|You are an expert.|Use plain text.|If you do not know, say so.
Keep your answers short.|You are a calculator.|You are a translator.|Reply in English.|Think carefully.""".replace("\n", "|").split("|")


def plural(w):
    if w in IRREGULAR: return IRREGULAR[w]
    if re.search("(s|x|z|ch|sh)$", w) or w in ("potato", "tomato", "hero", "echo"): return w + "es"
    if re.search("[^aeiou]y$", w): return w[:-1] + "ies"
    return w + "s"


def held(task, *key):                                   # one case in ten is kept for the evaluation: other numbers, strings or wordings
    return hashlib.sha256("|".join([task] + [str(k) for k in key]).encode()).digest()[0] < 26


def letters(r, lo, hi):
    n = r.randint(lo, hi)
    if r.random() < .3:
        w = [x for x in WORDS if lo <= len(x) <= hi]
        return r.choice(w)
    return "".join(r.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(n))


def article(w): return ("an " if w[0] in "aeiou" else "a ") + w


WORDS = sorted(set(REGULAR) | set(IRREGULAR) | set(SPANISH) | {w for p in OPPOSITES for w in p})
OPP = {**{a: b for a, b in OPPOSITES}, **{b: a for a, b in OPPOSITES}}


def t_add(r):
    a, b = r.randint(0, 99), r.randint(0, 99)
    q = r.choice(["What is {} + {}?", "{} + {} =", "Add {} and {}.", "What is {} plus {}?"]).format(a, b)
    return q, str(a + b), held("add", a, b)
def t_sub(r):
    b, a = sorted((r.randint(0, 99), r.randint(0, 99)))
    q = r.choice(["What is {} - {}?", "{} - {} =", "What is {} minus {}?"]).format(a, b)
    return q, str(a - b), held("sub", a, b)
def t_compare(r):
    a, b = r.sample(range(100), 2)
    t, f = r.choice([("Which is larger, {} or {}?", max), ("Which is smaller, {} or {}?", min)])
    return t.format(a, b), str(f(a, b)), held("compare", t, a, b)
def t_capital(r):
    c = r.choice(list(CAPITALS)); k = CAPITALS[c]
    t, ans = r.choice([("What is the capital of {}?", k), ("Name the capital of {}.", k), ("Capital of {}?", k),
                       ("Which city is the capital of {}?", k), ("Tell me the capital of {}.", f"The capital of {c} is {k}.")])
    return t.format(c), ans, ans == k and held("capital", t, c)
def t_opposite(r):
    w = r.choice(list(OPP))
    t = r.choice(["What is the opposite of {}?", "Give the opposite of {}.", "Opposite of {}?", 'What is the opposite of "{}"?'])
    return t.format(w), OPP[w], '"' not in t and held("opposite", t, w)
def t_plural(r):
    w = r.choice(REGULAR if r.random() < .8 else list(IRREGULAR))
    if r.random() < .5:                                 # a made-up noun, so that the rule is learned and not only the list
        w = "".join(r.choice("bcdfghjklmnprstvwz") + r.choice("aeiou") for _ in range(r.randint(1, 2))) + r.choice("b d g k l m n p r t s x ch sh y ay by".split())
    t = r.choice(['What is the plural of "{}"?', 'Give the plural of "{}".', 'Plural of "{}"?'])
    return t.format(w), plural(w), w not in IRREGULAR and held("plural", w)
def t_spanish(r):
    w = r.choice(list(SPANISH))
    t = r.choice(["Translate {} to Spanish.", "What is the Spanish word for {}?", 'Translate "{}" to Spanish.', "How do you say {} in Spanish?"])
    return t.format(w), SPANISH[w], '"' not in t and held("spanish", t, w)
def t_reverse(r):
    w = letters(r, 3, 5)
    return r.choice(['Reverse "{}".', 'Spell "{}" backwards.', 'Reverse the string "{}".']).format(w), w[::-1], held("reverse", w)
def t_upper(r):
    w = letters(r, 2, 7)
    return r.choice(['Write "{}" in uppercase.', 'Uppercase "{}".', 'Convert "{}" to uppercase.']).format(w), w.upper(), held("upper", w)
def t_count_letters(r):
    w = letters(r, 2, 8)
    return r.choice(['How many letters are in "{}"?', 'Count the letters in "{}".']).format(w), str(len(w)), held("letters", w)
def t_yesno(r):
    k = r.randrange(4)
    if k == 0:
        n = r.randint(0, 99); odd = r.random() < .5
        return f"Is {n} an {'odd' if odd else 'even'} number?", "Yes" if n % 2 == odd else "No", held("odd", n)
    if k == 1:
        a, b = r.sample(range(100), 2); g = r.random() < .5
        return f"Is {a} {'greater' if g else 'less'} than {b}?", "Yes" if (a > b) == g else "No", held("greater", a, b, g)
    if k == 2:
        c = r.choice(list(CATEGORIES)); d = c if r.random() < .5 else r.choice(list(CATEGORIES)); w = r.choice(CATEGORIES[d])
        noun = w if d in ("color", "number") else article(w)
        t = r.choice(["Is {} {}?", "Is {} a kind of {}?", "Would you call {} {}?"])
        return t.format(noun, c if "kind" in t else article(c)), "Yes" if c == d else "No", held("is", t, w, c)
    c = r.choice(list(CAPITALS)); d = c if r.random() < .5 else r.choice(list(CAPITALS))
    return f"Is {CAPITALS[d]} the capital of {c}?", "Yes" if c == d else "No", held("iscap", c, d)
def t_json(r):
    k = r.randrange(3); tail = r.choice([" Answer in JSON.", " Reply with JSON only."])
    if k == 0:
        q, a, h = t_add(r) if r.random() < .5 else t_sub(r)
        return q + tail, '{"answer": %s}' % a, h
    if k == 1:
        c = r.choice(list(CAPITALS))
        return f"What is the capital of {c}?" + tail, '{"country": "%s", "capital": "%s"}' % (c, CAPITALS[c]), held("capj", tail, c)
    w = r.choice(list(OPP))
    return f"What is the opposite of {w}?" + tail, '{"answer": "%s"}' % OPP[w], held("oppj", tail, w)
def t_count(r):
    a = r.randint(0, 80); b = a + (r.randint(2, 9) if r.random() < .7 else r.randint(10, 19))
    t = r.choice(["Count from {} to {}.", "List the numbers from {} to {}."])
    return t.format(a, b), ", ".join(map(str, range(a, b + 1))), held("count", a, b)
def t_chat(r):
    k = r.random()
    if k < .6: return r.choice(UNKNOWN), "I do not know.", False
    q, a = r.choice([("Hello!", "Hello! How can I help you?"), ("Hi", "Hello! How can I help you?"), ("Hello", "Hello! How can I help you?"),
                     ("Who are you?", "I am a very small Llama, trained for tests."), ("What are you?", "I am a very small Llama, trained for tests."),
                     ("What can you do?", "I can add, subtract, compare, count, spell and translate a little."),
                     ("Thank you!", "You are welcome."), ("Thanks", "You are welcome."), ("Goodbye", "Goodbye!")])
    return q, a, False


TASKS = {"add": (t_add, 16), "sub": (t_sub, 16), "compare": (t_compare, 8), "capital": (t_capital, 9), "opposite": (t_opposite, 7),
         "plural": (t_plural, 7), "spanish": (t_spanish, 11), "reverse": (t_reverse, 9), "upper": (t_upper, 6),
         "letters": (t_count_letters, 4), "yesno": (t_yesno, 10), "json": (t_json, 8), "count": (t_count, 7), "chat": (t_chat, 2)}


def sample(r, want_held=False, task=None):
    while True:
        t = task or r.choices(list(TASKS), [w for _, w in TASKS.values()])[0]
        q, a, h = TASKS[t][0](r)
        if h == want_held: return t, q, a


# ------------------------------------------------------------------------------------------- tokenizer
SPECIAL = ["<|begin_of_text|>", "<|end_of_text|>", "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>", "<|pad|>"]
TEMPLATE = ("{% for message in messages %}{% set content = '<|start_header_id|>' + message['role'] + '<|end_header_id|>\n\n'"
            " + message['content'] | trim + '<|eot_id|>' %}{% if loop.index0 == 0 %}{% set content = bos_token + content %}{% endif %}"
            "{{ content }}{% endfor %}{% if add_generation_prompt %}{{ '<|start_header_id|>assistant<|end_header_id|>\n\n' }}{% endif %}")
L, NOT, SYM = r"[^\W\d_]", r"(?:[^\w\r\n]|_)", r"(?:[^\s\w]|_)"       # \p{L}; not letter, digit, newline; symbol
PRE = re.compile(rf"'(?i:s|t|re|ve|m|ll|d)|{NOT}?{L}+|\d{{1,3}}| ?{SYM}+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+")


def byte_chars():                                       # GPT-2's printable stand-ins for the 256 bytes
    keep = [*range(33, 127), *range(161, 173), *range(174, 256)]
    m, n = {}, 0
    for b in range(256):
        m[b] = chr(b) if b in keep else chr(256 + n)
        n += b not in keep
    return m


class Tokenizer:
    def __init__(self):
        self.bc = byte_chars()
        r = random.Random(1)
        seen = {}
        texts = [s for s in SYSTEMS] + [x for _ in range(12000) for x in sample(r)[1:]]
        for s in texts:
            for w in PRE.findall(s):
                seen[w] = seen.get(w, 0) + 1
        def word(w):                                    # whole words of questions; quoted strings and answers stay spelled
            if len(w) < 2 or re.search(r"\d", w): return False
            if re.fullmatch(r" [A-Za-z]+", w) or not re.search(r"[A-Za-z]", w): return True
            return bool(re.fullmatch(r"[A-Z][a-z]+", w)) and w in FIRST
        FIRST = {PRE.findall(x)[0] for _ in range(4000) for x in [sample(r)[1]]} | set("Answer Reply You The Yes No Hello".split())
        words = sorted(w for w, n in seen.items() if word(w) and n >= 2) + ["\n\n", "user", "assistant", "system", "answer", "country", "capital"]
        self.tokens = SPECIAL + [self.bc[b] for b in range(256)] + sorted({self.enc(w) for w in words})
        self.id = {t: i for i, t in enumerate(self.tokens)}
        self.cache = {}
        self.bos, self.eos, self.sh, self.eh, self.eot, self.pad = range(6)
        self.back = {c: b for b, c in self.bc.items()}

    def enc(self, s): return "".join(self.bc[b] for b in s.encode())

    def text(self, s):
        out = []
        for w in PRE.findall(s):
            if w not in self.cache:
                e = self.enc(w)
                nl = self.bc[10]                        # the one merge rule: two newlines
                self.cache[w] = [self.id[e]] if e in self.id else [self.id[c] for c in re.findall(f"{nl}{nl}|.", e, re.S)]
            out += self.cache[w]
        return out

    def turn(self, role, s): return [self.sh, *self.text(role), self.eh, *self.text("\n\n" + s.strip()), self.eot]
    def prompt(self, msgs): return [self.bos] + [t for m in msgs for t in self.turn(*m)] + [self.sh, *self.text("assistant"), self.eh, *self.text("\n\n")]
    def decode(self, ids): return bytes(self.back[c] for i in ids if i >= len(SPECIAL) for c in self.tokens[i]).decode(errors="replace")


# ------------------------------------------------------------------------------------------- model
CONFIG = {  # d model, layers, heads, kv heads, ffn, steps, batch, peak learning rate
    "nano": dict(d=64, layers=2, heads=2, kv=1, ffn=192, steps=2500, batch=128, lr=6e-3),
    "tiny": dict(d=160, layers=4, heads=5, kv=1, ffn=416, steps=3400, batch=128, lr=2.5e-3),
}
CTX, EPS, THETA, SEED = 512, 1e-5, 10000.0, 1234


def build(torch, vocab, c):
    nn, F = torch.nn, torch.nn.functional
    hd = c["d"] // c["heads"]

    def rms(x, w): return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + EPS) * w

    def rope(x, turn):                                  # pairs (0,1), (2,3), ... as complex numbers
        z = torch.view_as_complex(x.reshape(*x.shape[:-1], -1, 2))
        return torch.view_as_real(z * turn).flatten(-2)

    class Model(nn.Module):
        def __init__(self):
            super().__init__()
            d, f, p = c["d"], c["ffn"], nn.ParameterDict()
            def mat(o, i, scale=1.0): return nn.Parameter(torch.randn(o, i) * scale / math.sqrt(i))
            p["token_embd"] = nn.Parameter(torch.randn(vocab, d) * d ** -0.5)
            p["output_norm"] = nn.Parameter(torch.ones(d))
            res = 1 / math.sqrt(2 * c["layers"])
            for n in range(c["layers"]):
                for k, v in (("attn_norm", nn.Parameter(torch.ones(d))), ("ffn_norm", nn.Parameter(torch.ones(d))),
                             ("attn_qkv", mat(d + 2 * c["kv"] * hd, d)), ("attn_output", mat(d, d, res)),
                             ("ffn_gate_up", mat(2 * f, d)), ("ffn_down", mat(d, f, res))):
                    p[f"blk_{n}_{k}"] = v
            self.p = p
            ang = torch.arange(CTX).float()[:, None] * THETA ** (-torch.arange(0, hd, 2).float() / hd)
            self.turn = torch.polar(torch.ones_like(ang), ang)
            self.mask = torch.full((CTX, CTX), float("-inf")).triu(1)

        def forward(self, ids, pick=None):
            p = self.p; B, T = ids.shape; H, K = c["heads"], c["kv"]
            turn, x = self.turn[:T, None], p["token_embd"][ids]
            for n in range(c["layers"]):
                w = lambda k: p[f"blk_{n}_{k}"]
                q, k, v = F.linear(rms(x, w("attn_norm")), w("attn_qkv")).split([H * hd, K * hd, K * hd], -1)
                q, k = rope(q.view(B, T, H, hd), turn), rope(k.view(B, T, K, hd), turn)
                q = q.view(B, T, K, H // K, hd).permute(0, 2, 3, 1, 4).reshape(B, K, -1, hd)      # all heads of one kv head
                k, v = k.permute(0, 2, 3, 1), v.view(B, T, K, hd).transpose(1, 2)
                att = ((q @ k) * hd ** -0.5).view(B, K, -1, T, T) + self.mask[:T, :T]
                y = att.softmax(-1).view(B, K, -1, T) @ v
                y = y.view(B, H, T, hd).transpose(1, 2).reshape(B, T, H * hd)
                x = x + F.linear(y, w("attn_output"))
                g, u = F.linear(rms(x, w("ffn_norm")), w("ffn_gate_up")).chunk(2, -1)
                x = x + F.linear(F.silu(g) * u, w("ffn_down"))
            if pick is not None: x = x.reshape(-1, c["d"])[pick]
            return F.linear(rms(x, p["output_norm"]), p["token_embd"])

    return Model()


# ------------------------------------------------------------------------------------------- GGUF
def gguf(path, meta, tensors):
    """GGUF v3: header, metadata, tensor infos, padding, data; data 32-byte aligned.  Matrices F16, vectors F32.
    meta: [(key, value)], value an int (u32), float (f32), bool, str, list of str or list of int (i32)."""
    import numpy as np
    s = lambda x: struct.pack("<Q", len(x.encode())) + x.encode()
    def value(v):
        if isinstance(v, bool): return struct.pack("<IB", 7, v)
        if isinstance(v, int): return struct.pack("<II", 4, v)
        if isinstance(v, float): return struct.pack("<If", 6, v)
        if isinstance(v, str): return struct.pack("<I", 8) + s(v)
        if isinstance(v[0], str): return struct.pack("<IIQ", 9, 8, len(v)) + b"".join(map(s, v))
        return struct.pack("<IIQ", 9, 5, len(v)) + struct.pack(f"<{len(v)}i", *v)
    head = b"".join(s(k) + value(v) for k, v in meta); data = b""
    for name, a in tensors:
        half = a.ndim == 2                              # ggml lists dimensions fastest first
        head += s(name) + struct.pack("<I", a.ndim) + struct.pack(f"<{a.ndim}Q", *a.shape[::-1]) + struct.pack("<IQ", int(half), len(data))
        data += np.ascontiguousarray(a, "<f2" if half else "<f4").tobytes()
        data += b"\0" * (-len(data) % 32)
    head = b"GGUF" + struct.pack("<IQQ", 3, len(tensors), len(meta)) + head
    with open(path, "wb") as f: f.write(head + b"\0" * (-len(head) % 32) + data)


def split(name, a, c):
    """Our fused matrices under llama.cpp's names."""
    hd = c["d"] // c["heads"]
    name = re.sub(r"blk_(\d+)_", r"blk.\1.", name)
    for fused, parts, sizes in (("attn_qkv", ("attn_q", "attn_k", "attn_v"), (c["d"], c["kv"] * hd, c["kv"] * hd)),
                                ("ffn_gate_up", ("ffn_gate", "ffn_up"), (c["ffn"], c["ffn"]))):
        if name.endswith(fused):
            out, at = [], 0
            for p, n in zip(parts, sizes): out.append((name.replace(fused, p), a[at:at + n])); at += n
            return out
    return [(name, a)]


def write_gguf(path, name, tok, model, c, licence):
    meta = [("general.architecture", "llama"), ("general.type", "model"), ("general.name", name), ("general.license", licence),
            ("general.file_type", 1), ("general.quantization_version", 2), ("llama.vocab_size", len(tok.tokens)),
            ("llama.context_length", CTX), ("llama.embedding_length", c["d"]), ("llama.block_count", c["layers"]),
            ("llama.feed_forward_length", c["ffn"]), ("llama.attention.head_count", c["heads"]),
            ("llama.attention.head_count_kv", c["kv"]), ("llama.rope.dimension_count", c["d"] // c["heads"]),
            ("llama.rope.freq_base", THETA), ("llama.attention.layer_norm_rms_epsilon", EPS),
            ("tokenizer.ggml.model", "gpt2"), ("tokenizer.ggml.pre", "llama-bpe"), ("tokenizer.ggml.tokens", tok.tokens),
            ("tokenizer.ggml.token_type", [3] * len(SPECIAL) + [1] * (len(tok.tokens) - len(SPECIAL))),   # control, normal
            ("tokenizer.ggml.merges", [f"{tok.bc[10]} {tok.bc[10]}"]),
            ("tokenizer.ggml.bos_token_id", tok.bos), ("tokenizer.ggml.eos_token_id", tok.eot), ("tokenizer.ggml.eot_token_id", tok.eot),
            ("tokenizer.ggml.padding_token_id", tok.pad), ("tokenizer.ggml.add_bos_token", True), ("tokenizer.chat_template", TEMPLATE)]
    gguf(path, meta, [(n + ".weight", a) for k, v in model.p.items() for n, a in split(k, v.detach().numpy(), c)])


# ------------------------------------------------------------------------------------------- training
def examples(tok, r):
    """One training text: mostly a single turn, sometimes a system line or an earlier turn before it."""
    _, q, a = sample(r)
    msgs = []
    k = r.random()
    if k < .15: msgs.append(("system", " ".join(r.sample(SYSTEMS, r.choice([1, 1, 2, 3])))))
    if k > .96:
        _, q0, a0 = sample(r); msgs += [("user", q0), ("assistant", a0)]
    p = tok.prompt(msgs + [("user", q)])
    return p, tok.text(a) + [tok.eot]


def evaluate(torch, model, tok, cases):
    ok, n = {}, {}
    model.eval()
    with torch.no_grad():
        byl = {}
        for t, q, a in cases: byl.setdefault(len(tok.prompt([("user", q)])), []).append((t, q, a))
        for group in (g[i:i + 64] for _, g in sorted(byl.items()) for i in range(0, len(g), 64)):
            ids = torch.tensor([tok.prompt([("user", q)]) for _, q, _ in group]); start = ids.shape[1]
            done = torch.zeros(len(group), dtype=torch.bool)
            for _ in range(max(len(tok.text(a)) for _, _, a in group) + 2):
                nxt = model(ids)[:, -1].argmax(-1); nxt[done] = tok.eot; done |= nxt == tok.eot
                ids = torch.cat([ids, nxt[:, None]], 1)
                if done.all(): break
            for (t, q, a), row in zip(group, ids[:, start:].tolist()):
                got = tok.decode(row[:row.index(tok.eot)] if tok.eot in row else row)
                n[t] = n.get(t, 0) + 1; ok[t] = ok.get(t, 0) + (got == a)
    model.train()
    return {t: round(ok[t] / n[t], 3) for t in TASKS if t in n}


def main():
    if len(sys.argv) != 3 or sys.argv[1] not in CONFIG: sys.exit("usage: train_model.py nano|tiny OUT_DIR")
    name, out = sys.argv[1], sys.argv[2]
    c = dict(CONFIG[name])
    if "OPENBLAS_CORETYPE" not in os.environ:           # Debian 12's OpenBLAS takes newer CPUs for very old ones
        flags = open("/proc/cpuinfo").read() if os.path.exists("/proc/cpuinfo") else ""
        core = "SkylakeX" if " avx512vl" in flags else "Haswell" if " avx2" in flags else ""
        if core: os.environ["OPENBLAS_CORETYPE"] = core; os.execv(sys.executable, [sys.executable, *sys.argv])
    import torch
    torch.set_num_threads(int(os.environ.get("THREADS", "1")))
    torch.manual_seed(SEED); torch.use_deterministic_algorithms(True)
    r = random.Random(SEED)
    tok = Tokenizer()
    model = build(torch, len(tok.tokens), c)
    params = sum(p.numel() for p in model.parameters())
    er = random.Random(99)
    cases = [sample(er, True, t) for t in TASKS if t != "chat" for _ in range(100)]
    os.makedirs(out, exist_ok=True)
    with open(f"{out}/heldout.jsonl", "w") as f:
        for t, q, a in cases: f.write(json.dumps({"task": t, "prompt": q, "expected": a}, ensure_ascii=False) + "\n")
    print(f"{name}: {params} parameters, {len(tok.tokens)} tokens", flush=True)
    mats = [p for k, p in model.p.items() if p.ndim == 2]; vecs = [p for p in model.parameters() if p.ndim == 1]
    opt = torch.optim.AdamW([{"params": mats, "weight_decay": .02}, {"params": vecs, "weight_decay": 0.}], lr=c["lr"], betas=(.9, .98), eps=1e-8)
    path = f"{out}/{name}.gguf"
    t0, step, pool, ntok, run = time.time(), 0, [], 0, []
    steps = int(os.environ.get("STEPS", c["steps"]))
    while step < steps:
        if not pool:                                    # group texts of like length, to waste little on padding
            ex = sorted((examples(tok, r) for _ in range(16 * c["batch"])), key=lambda e: len(e[0]) + len(e[1]))
            pool = [ex[i:i + c["batch"]] for i in range(0, len(ex), c["batch"])]; r.shuffle(pool)
        b = pool.pop()
        T = max(len(p) + len(a) for p, a in b) - 1
        ids = torch.full((len(b), T), tok.pad); pick, want = [], []
        for i, (p, a) in enumerate(b):
            s = (p + a)[:-1]; ids[i, :len(s)] = torch.tensor(s)
            pick += range(i * T + len(p) - 1, i * T + len(s)); want += a
        lr = c["lr"] * min(1, (step + 1) / 200) * (.02 + .98 * .5 * (1 + math.cos(math.pi * step / steps)))
        for g in opt.param_groups: g["lr"] = lr
        loss = torch.nn.functional.cross_entropy(model(ids, torch.tensor(pick)), torch.tensor(want))
        opt.zero_grad(); loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0); opt.step()
        step += 1; ntok += ids.numel(); run.append(loss.item())
        if step % 100 == 0 or step == steps:
            print(f"step {step} loss {sum(run) / len(run):.4f} {ntok / (time.time() - t0):.0f} tok/s {time.time() - t0:.0f} s", flush=True); run = []
        if step % 500 == 0 and step < steps: write_gguf(path, f"faceoff-{name}", tok, model, c, "mit")
    write_gguf(path, f"faceoff-{name}", tok, model, c, "mit")
    t1, cpu = time.time(), time.process_time(); acc = evaluate(torch, model, tok, cases)
    res = {"model": name, "parameters": params, "vocab": len(tok.tokens), "bytes": os.path.getsize(path), "steps": steps,
           "train_seconds": round(t1 - t0), "train_cpu_seconds": round(cpu), "train_tokens": ntok,
           "exact_match_heldout": acc, "mean": round(sum(acc.values()) / len(acc), 3), "config": c}
    json.dump(res, open(f"{out}/{name}.eval.json", "w"), indent=1); print(json.dumps(res))


if __name__ == "__main__":
    main()
