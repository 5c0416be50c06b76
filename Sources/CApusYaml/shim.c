#include "CApusYaml.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "yaml.h"

struct apus_yaml {
    yaml_parser_t parser;
    yaml_event_t event;
    struct apus_yaml_event told;
    const uint8_t *texts[4];
    size_t depth;
    // libyaml reads out of it until the end.
    uint8_t input[];
};

struct apus_yaml *apus_yaml_open(const uint8_t *bytes, size_t count) {
    if (count > SIZE_MAX - sizeof(struct apus_yaml)) return NULL;
    struct apus_yaml *yaml = calloc(1, sizeof *yaml + count);
    if (!yaml) return NULL;
    if (!yaml_parser_initialize(&yaml->parser)) {
        free(yaml);
        return NULL;
    }
    if (count > 0) memcpy(yaml->input, bytes, count);
    yaml_parser_set_encoding(&yaml->parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&yaml->parser, yaml->input, count);
    // Nothing has been told yet.
    yaml->told.kind = APUS_YAML_DOCUMENT_END;
    return yaml;
}

void apus_yaml_close(struct apus_yaml *yaml) {
    yaml_event_delete(&yaml->event);
    yaml_parser_delete(&yaml->parser);
    free(yaml);
}

static void have(struct apus_yaml *yaml, int text, const void *bytes, size_t count) {
    yaml->texts[text] = bytes;
    yaml->told.counts[text] = bytes ? count : SIZE_MAX;
}

static void have_string(struct apus_yaml *yaml, int text, const void *string) {
    have(yaml, text, string, string ? strlen(string) : 0);
}

static void stand(struct apus_yaml_event *told, yaml_mark_t mark) {
    told->line = mark.line + 1;
    told->column = mark.column + 1;
}

static void tell_fault(struct apus_yaml *yaml) {
    const yaml_parser_t *parser = &yaml->parser;
    struct apus_yaml_event *told = &yaml->told;
    switch (parser->error) {
    case YAML_MEMORY_ERROR: told->kind = APUS_YAML_NO_MEMORY; break;
    case YAML_READER_ERROR: told->kind = APUS_YAML_UNREADABLE; break;
    default: told->kind = APUS_YAML_UNPARSABLE; break;
    }
    stand(told, parser->problem_mark);
    if (parser->context) {
        told->context_line = parser->context_mark.line + 1;
        told->context_column = parser->context_mark.column + 1;
    }
    have_string(yaml, APUS_YAML_PROBLEM, parser->problem);
}

static void begin(struct apus_yaml *yaml, int kind, const yaml_char_t *anchor, const yaml_char_t *tag) {
    yaml->told.kind = kind;
    have_string(yaml, APUS_YAML_ANCHOR, anchor);
    have_string(yaml, APUS_YAML_TAG, tag);
    if (++yaml->depth > APUS_YAML_DEPTH) yaml->told.kind = APUS_YAML_TOO_DEEP;
}

static void end(struct apus_yaml *yaml, int kind) {
    yaml->told.kind = kind;
    yaml->depth--;
}

static void tell_event(struct apus_yaml *yaml) {
    const yaml_event_t *event = &yaml->event;
    stand(&yaml->told, event->start_mark);
    switch (event->type) {
    case YAML_DOCUMENT_START_EVENT: yaml->told.kind = APUS_YAML_DOCUMENT; break;
    case YAML_DOCUMENT_END_EVENT: yaml->told.kind = APUS_YAML_DOCUMENT_END; break;
    case YAML_ALIAS_EVENT:
        yaml->told.kind = APUS_YAML_ALIAS;
        have_string(yaml, APUS_YAML_ANCHOR, event->data.alias.anchor);
        break;
    case YAML_SCALAR_EVENT:
        yaml->told.kind = APUS_YAML_SCALAR;
        yaml->told.is_plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
        have(yaml, APUS_YAML_VALUE, event->data.scalar.value, event->data.scalar.length);
        have_string(yaml, APUS_YAML_ANCHOR, event->data.scalar.anchor);
        have_string(yaml, APUS_YAML_TAG, event->data.scalar.tag);
        break;
    case YAML_SEQUENCE_START_EVENT:
        begin(yaml, APUS_YAML_SEQUENCE, event->data.sequence_start.anchor, event->data.sequence_start.tag);
        break;
    case YAML_SEQUENCE_END_EVENT: end(yaml, APUS_YAML_SEQUENCE_END); break;
    case YAML_MAPPING_START_EVENT:
        begin(yaml, APUS_YAML_MAPPING, event->data.mapping_start.anchor, event->data.mapping_start.tag);
        break;
    case YAML_MAPPING_END_EVENT: end(yaml, APUS_YAML_MAPPING_END); break;
    default: yaml->told.kind = APUS_YAML_END; break;
    }
}

struct apus_yaml_event apus_yaml_next(struct apus_yaml *yaml) {
    if (yaml->told.kind <= APUS_YAML_END) return yaml->told;
    do {
        yaml_event_delete(&yaml->event);
        memset(&yaml->told, 0, sizeof yaml->told);
        for (int text = 0; text < 4; text++) have(yaml, text, NULL, 0);
        if (!yaml_parser_parse(&yaml->parser, &yaml->event)) {
            tell_fault(yaml);
            return yaml->told;
        }
    } while (yaml->event.type == YAML_STREAM_START_EVENT);
    tell_event(yaml);
    return yaml->told;
}

void apus_yaml_copy(const struct apus_yaml *yaml, int32_t text, uint8_t *bytes, size_t capacity) {
    if (text < 0 || text > 3 || !yaml->texts[text]) return;
    size_t count = yaml->told.counts[text];
    memcpy(bytes, yaml->texts[text], count < capacity ? count : capacity);
}
