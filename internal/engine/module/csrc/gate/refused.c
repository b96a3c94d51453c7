#include "refused.h"

#include <inttypes.h>
#include <string.h>

const char *const why_words[WHYS] = {"rules", "mode", "silence", "clients", "queue", "source"};

static struct knocker {
    struct address from;
    uint64_t times[WHYS];
    int64_t last; /* 0: the place is free */
} knockers[KNOCKING];

static uint64_t totals[WHYS];

static struct knocker *knocker_at(const struct address *from) {
    struct knocker *oldest = knockers;
    for (struct knocker *k = knockers; k < knockers + KNOCKING; k++) {
        if (k->last && same_address(&k->from, from)) return k;
        if (k->last < oldest->last) oldest = k;
    }
    memset(oldest, 0, sizeof(*oldest));
    oldest->from = *from;
    return oldest;
}

void note_refusal(const struct address *from, enum why why, int64_t now) {
    struct knocker *k = knocker_at(from);
    k->times[why]++;
    k->last = now;
    totals[why]++;
}

uint64_t refusals(enum why why) { return totals[why]; }

void report_refusals(FILE *out, int64_t now) {
    for (const struct knocker *k = knockers; k < knockers + KNOCKING; k++) {
        if (!k->last) continue;
        char text[ADDRESS_TEXT];
        address_text(&k->from, text);
        fprintf(out, "refused %s age=%" PRId64, text, now - k->last);
        for (int why = 0; why < WHYS; why++) fprintf(out, " %s=%" PRIu64, why_words[why], k->times[why]);
        fputc('\n', out);
    }
}
