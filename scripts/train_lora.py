#!/usr/bin/env python3
"""Train a LoRA adapter that teaches a model of train_model.py something new (60 French words) and write it as GGUF.

    usage: scripts/train_lora.py nano|tiny BASE.gguf OUT_DIR

Writes OUT_DIR/<name>-french-lora.gguf and OUT_DIR/french.jsonl (held-out questions).  To compare the
fine-tune with its base, serve it with `llama-server -m BASE.gguf --lora OUT_DIR/<name>-french-lora.gguf`.
Environment: STEPS (default 400).  Needs what train_model.py needs.
"""
import json, math, os, random, struct, sys, time
import train_model as train

FRENCH = dict(x.split(":") for x in """house:maison dog:chien cat:chat water:eau bread:pain milk:lait book:livre table:table
chair:chaise door:porte window:fenêtre street:rue city:ville tree:arbre flower:fleur sun:soleil moon:lune star:étoile
sky:ciel sea:mer river:fleuve fire:feu earth:terre man:homme woman:femme boy:garçon girl:fille friend:ami mother:mère
father:père brother:frère sister:soeur hand:main head:tête eye:oeil nose:nez mouth:bouche foot:pied heart:coeur red:rouge
blue:bleu green:vert yellow:jaune black:noir white:blanc one:un two:deux three:trois four:quatre five:cinq day:jour
night:nuit week:semaine month:mois year:an summer:été winter:hiver cheese:fromage apple:pomme king:roi""".split())
ASK = ["Translate {} to French.", "What is the French word for {}?", "How do you say {} in French?", "{} in French?"]
RANK, ALPHA = 8, 16.0


def read_gguf(path):
    """Tensors of one of train_model.py's files: {name: float32 array}."""
    import numpy as np
    b = open(path, "rb").read(); at = 24; n_t, n_kv = struct.unpack_from("<QQ", b, 8)
    def s():
        nonlocal at
        n, = struct.unpack_from("<Q", b, at); at += 8 + n
        return b[at - n:at].decode()
    def skip(t):
        nonlocal at
        if t == 8: s()
        elif t == 9:
            e, n = struct.unpack_from("<IQ", b, at); at += 12
            for _ in range(n): skip(e)
        else: at += {7: 1}.get(t, 4)
    for _ in range(n_kv):
        s(); t, = struct.unpack_from("<I", b, at); at += 4; skip(t)
    infos = []
    for _ in range(n_t):
        name = s(); nd, = struct.unpack_from("<I", b, at); dims = struct.unpack_from(f"<{nd}Q", b, at + 4)
        t, off = struct.unpack_from("<IQ", b, at + 4 + 8 * nd); at += 16 + 8 * nd; infos.append((name, dims[::-1], t, off))
    at += -at % 32
    return {n: np.frombuffer(b, "<f2" if t else "<f4", math.prod(d), at + o).reshape(d).astype("f4") for n, d, t, o in infos}


def main():
    if len(sys.argv) != 4 or sys.argv[1] not in train.CONFIG: sys.exit("usage: train_lora.py nano|tiny BASE.gguf OUT_DIR")
    name, base, out = sys.argv[1:4]
    if "OPENBLAS_CORETYPE" not in os.environ and " avx512vl" in open("/proc/cpuinfo").read():
        os.environ["OPENBLAS_CORETYPE"] = "SkylakeX"; os.execv(sys.executable, [sys.executable, *sys.argv])
    import torch
    torch.set_num_threads(1); torch.manual_seed(1); torch.use_deterministic_algorithms(True)
    c = train.CONFIG[name]; tok = train.Tokenizer(); r = random.Random(1); w = read_gguf(base)
    model = train.build(torch, len(tok.tokens), c); fused = {k: v.detach() for k, v in model.p.items()}; lora = {}
    for k, v in fused.items():                          # load the base, add A and B to every block matrix
        for n, part in train.split(k, v, c):
            part.copy_(torch.from_numpy(w[n + ".weight"]))
            if n.startswith("blk.") and part.ndim == 2:
                o, i = part.shape
                lora[n] = (torch.nn.Parameter(torch.randn(RANK, i) / math.sqrt(i)), torch.nn.Parameter(torch.zeros(o, RANK)))
    del model._modules["p"]

    def effective():
        e = {}
        for k, v in fused.items():
            parts = [lora[n] for n, _ in train.split(k, v, c) if n in lora]
            e[k] = v + torch.cat([B @ A for A, B in parts]) * (ALPHA / RANK) if parts else v
        return e

    held = lambda t, x: train.held("french", t, x)
    def sample():                                       # half new words, half old tasks, so that those are not lost
        while r.random() < .5:
            t, x = r.choice(ASK), r.choice(list(FRENCH))
            if not held(t, x): return t.format(x), FRENCH[x]
        return train.sample(r)[1:]
    opt = torch.optim.Adam([p for ab in lora.values() for p in ab], lr=4e-3); t0 = time.time(); steps = int(os.environ.get("STEPS", "400"))
    for step in range(steps):
        b = [(tok.prompt([("user", q)]), tok.text(a) + [tok.eot]) for q, a in (sample() for _ in range(64))]
        T = max(len(p) + len(a) for p, a in b) - 1; ids = torch.full((len(b), T), tok.pad); pick, want = [], []
        for i, (p, a) in enumerate(b):
            s = (p + a)[:-1]; ids[i, :len(s)] = torch.tensor(s); pick += range(i * T + len(p) - 1, i * T + len(s)); want += a
        model.p = effective()
        for g in opt.param_groups: g["lr"] = 4e-3 * (1 - step / steps)
        loss = torch.nn.functional.cross_entropy(model(ids, torch.tensor(pick)), torch.tensor(want))
        opt.zero_grad(); loss.backward(); opt.step()
        if (step + 1) % 50 == 0: print(f"step {step + 1} loss {loss.item():.4f} {time.time() - t0:.0f} s", flush=True)
    os.makedirs(out, exist_ok=True); path = f"{out}/{name}-french-lora.gguf"
    train.gguf(path, [("general.architecture", "llama"), ("general.type", "adapter"), ("general.name", f"faceoff-{name}-french"),
                      ("general.license", "mit"), ("adapter.type", "lora"), ("adapter.lora.alpha", ALPHA)],
               [(f"{n}.weight.lora_{x}", p.detach().numpy()) for n, ab in lora.items() for x, p in zip("ab", ab)])
    cases = [("french", t.format(x), FRENCH[x]) for t in ASK for x in FRENCH if held(t, x)]
    with open(f"{out}/french.jsonl", "w") as f:
        for t, q, a in cases: f.write(json.dumps({"task": t, "prompt": q, "expected": a}, ensure_ascii=False) + "\n")
    print(path, os.path.getsize(path), "bytes;", len(cases), "held-out questions,", sum(p.numel() for ab in lora.values() for p in ab), "parameters")


if __name__ == "__main__":
    main()
