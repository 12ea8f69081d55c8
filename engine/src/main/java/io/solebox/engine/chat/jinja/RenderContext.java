package io.solebox.engine.chat.jinja;

import java.time.Clock;

/**
 * What functions, filters and tests see of a rendering.
 *
 * @param clock behind {@code strftime_now}
 */
record RenderContext(Budget budget, Clock clock) {}
