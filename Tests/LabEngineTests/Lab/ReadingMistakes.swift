/// Mistakes that show in one value. Each row: what is changed, and all that is said then.
enum ReadingMistakes {
    static let keys: [Mistake] = [
        Mistake("schema: 1\n", "", "1:1: error: the lab file lacks the key `schema`"),
        Mistake("schema: 1\n", "schema: 2\n", "1:9: error: this ailab reads lab files of schema 1, not 2"),
        Mistake("title: {en: Mini, zh: 迷你}", "title: {en: Mini}", "3:8: error: `title` lacks the key `zh`"),
        Mistake("title: {", "titel: {", "3:1: error: unknown key `titel` in the lab file; did you mean `title`?"),
        Mistake("checks:", "chekcs:", "36:9: error: unknown key `chekcs` in `tasks[2]`; did you mean `checks`?"),
        Mistake("quick: 1}", "quick: 1, patern: x}", "7:60: error: unknown key `patern` in `epochs`; did you mean `pattern`?"),
        Mistake(
            "{workspace: out,", "{workspace: out, when: now,",
            "52:34: error: unknown key `when` in `mounts[1]`; the valid keys are `target`, `read_only`, `workspace`, `lab`"),
        Mistake("{workspace: out,", "{", "52:17: error: `mounts[1]` needs one of the keys `workspace`, `lab`"),
        Mistake(
            "{workspace: out,", "{workspace: out, lab: x,",
            "52:34: error: `lab` cannot be combined with `workspace`; use only one of them"),
        Mistake(
            "title: {en: Mini, zh: 迷你}", "title: {en: Mini, zh: 迷你}\ntitle: {en: M, zh: 迷}",
            "4:1: error: duplicate key `title`; line 3 already has it"),
        Mistake(
            "id: mini", "id: mini\n\"id\": mini\nid: more", "3:1: error: duplicate key `id`; line 2 already has it",
            "4:1: error: duplicate key `id`; line 2 already has it"),
        Mistake("{read: true}", "{raed: true}", "30:18: error: unknown key `raed` in `action`; did you mean `read`?"),
        Mistake(
            "{absent: '${user}-ts'}", "{missing: '${user}-ts'}",
            "88:19: error: unknown key `missing` in `checks[1]`; the valid keys are `until`, `advice`, `engine`, `image`, `container`, `absent`, `logs`, `output`, `file`, `json`, `command`, `inside`, `http`, `model`, `prediction`"
        ),
    ]

    static let values: [Mistake] = [
        Mistake(
            "title: {en: Mini, zh: 迷你}", "title: Mini",
            "3:8: error: `title` must be a text in both languages, {en: …, zh: …}, but this is `Mini`"),
        Mistake(
            "id: mini", "id: Mini Lab",
            "2:5: error: `Mini Lab` is not a name: use a small letter, then small letters, digits, `_` and `-`"),
        Mistake("id: mini", "id:", "2:4: error: `id` must be a text, but this is nothing"),
        Mistake("id: mini", "id: [mini]", "2:5: error: `id` must be a text, but this is a list"),
        Mistake("{read: true}", "{read: yes}", "30:24: error: `read` must be the word true, but this is `yes`"),
        Mistake("{read: true}", "read", "30:17: error: `action` must be a mapping with keys, but this is `read`"),
        Mistake(
            "{read: true}", "{facts: [engine, dsik]}",
            "30:34: error: `dsik` is not a value of `facts[2]`; use one of `engine`, `disk`, `memory`, `processors`, `gpu`, `network`; "
                + "did you mean `disk`?"),
        Mistake("{read: true}", "{facts: []}", "30:25: error: `facts` must not be empty"),
        Mistake(
            "expected: 60", "expected: soon", "31:19: error: `expected` must be seconds or a duration such as 2m40s, but this is `soon`"),
        Mistake("expected: 60", "expected: 0", "31:19: error: `expected` must be longer than zero seconds"),
        Mistake("timeout: 10m", "timeout: 0m", "54:22: error: `timeout` must be longer than zero seconds"),
        Mistake("gpu: auto", "gpu: always", "53:18: error: `always` is not a value of `gpu`; use one of `never`, `auto`"),
        Mistake(
            "container: 8080}", "container: '8080'}",
            "77:52: error: `container` must be a whole number without quotes, but this is `8080`"),
        Mistake("optional: true", "optional: maybe", "90:19: error: `optional` must be true or false, but this is `maybe`"),
        Mistake("exit_code: 0", "exit_code: zero", "56:74: error: `exit_code` must be a whole number without quotes, but this is `zero`"),
        Mistake("needs: [2.2]", "needs: 2.2", "86:16: error: `needs` must be a list, but this is `2.2`"),
        Mistake("needs: [2.2]", "needs: [two]", "86:17: error: `needs[1]` must be a task id such as 3.4, but this is `two`"),
        Mistake("[/bin/sh]", "/bin/sh", "14:64: error: `command` must be a list, but this is `/bin/sh`"),
        Mistake("pull: alpine:3.20", "pull: {}", "13:15: error: `pull` must be a text, but this is a mapping"),
    ]

    static let syntax: [Mistake] = [
        Mistake(
            "en: A small lab.", "en: A small: lab.",
            "4:22: error: not valid YAML: a mapping in `{…}` isn't closed, or a comma is missing"),
        Mistake("id: mini", "id: mini\n\tx: 1", "3:1: error: not valid YAML: a tab; indent with spaces"),
        Mistake("images:", "images", "9:9: error: not valid YAML: a key without a `:` after it"),
        Mistake("number: 2", "  number: 2", "39:5: error: not valid YAML: an item of this list must begin with `- `"),
        Mistake("id: mini", "id: *mini", "2:5: error: not valid YAML: an `*alias` without an `&anchor` before it"),
        Mistake("images:", "--- {}\nimages:", "8:1: error: not valid YAML: a second document begins here; a lab file has only one"),
        Mistake(
            "'accuracy ([0-9.]+)'", "\"accuracy \\d+\"",
            "57:67: error: not valid YAML: invalid escape after `\\` in \"…\"; use '…' for regular expressions"),
    ]
}
