#ifndef CAPUSYAML_H
#define CAPUSYAML_H
// What libyaml reads, event by event, without its types: numbers here, texts copied out. No system header may be included here:
// Swift would see their types twice.
#include <stddef.h>
#include <stdint.h>

// How deep lists and mappings may be nested. What libyaml does for a token grows with the depth.
#define APUS_YAML_DEPTH 200

// What an event is, or why there is none.
enum {
    APUS_YAML_END = 0,
    APUS_YAML_DOCUMENT = 1,
    APUS_YAML_DOCUMENT_END = 2,
    APUS_YAML_ALIAS = 3,
    APUS_YAML_SCALAR = 4,
    APUS_YAML_SEQUENCE = 5,
    APUS_YAML_SEQUENCE_END = 6,
    APUS_YAML_MAPPING = 7,
    APUS_YAML_MAPPING_END = 8,
    // The bytes are no text.
    APUS_YAML_UNREADABLE = -1,
    // The text is no YAML.
    APUS_YAML_UNPARSABLE = -2,
    APUS_YAML_TOO_DEEP = -3,
    APUS_YAML_NO_MEMORY = -4
};

// The texts that an event may have; of a fault, what is wrong.
enum { APUS_YAML_VALUE = 0, APUS_YAML_ANCHOR = 1, APUS_YAML_TAG = 2, APUS_YAML_PROBLEM = 3 };

struct apus_yaml_event {
    int32_t kind;
    // Whether a scalar stands without quotes and is no block.
    int32_t is_plain;
    // Where it begins, from 1; columns count characters. Of a fault, where it was noticed.
    size_t line, column;
    // Of a fault, where that began which has it; 0 if that is not known.
    size_t context_line, context_column;
    // Bytes of each text, by its number; SIZE_MAX for one that is not there.
    size_t counts[4];
};

struct apus_yaml;

// Begins to read a copy of these bytes, as UTF-8; NULL without memory.
struct apus_yaml *apus_yaml_open(const uint8_t *bytes, size_t count);

// The next event; behind a fault the fault again, behind the end the end.
struct apus_yaml_event apus_yaml_next(struct apus_yaml *yaml);

// Copies a text of the last event, as many bytes as it has and there is room for.
void apus_yaml_copy(const struct apus_yaml *yaml, int32_t text, uint8_t *bytes, size_t capacity);

void apus_yaml_close(struct apus_yaml *yaml);
#endif
