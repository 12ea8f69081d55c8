package io.solebox.engine.chat.jinja;

import java.util.List;

/**
 * What {@code dict.items()}, {@code keys()} and {@code values()} give: has a length and iterates,
 * but has no elements by index.
 *
 * @param kind {@code dict_items} and so on
 */
record DictView(String kind, List<Object> items) {}
