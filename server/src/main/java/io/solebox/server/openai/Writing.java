package io.solebox.server.openai;

import io.solebox.server.params.Fields;
import io.solebox.server.params.Params;
import java.util.Optional;

/**
 * How an answer is to be written.
 *
 * @param includeUsage whether a stream ends with its usage
 * @param progress whether a stream tells how far the prompt is
 * @param timings whether each chunk tells how long it took so far
 * @param tokenIds whether the ids of its tokens are told
 * @param serviceTier as asked for
 */
record Writing(
    boolean stream,
    boolean includeUsage,
    boolean progress,
    boolean timings,
    boolean tokenIds,
    Optional<String> serviceTier) {
  static Writing read(Fields body) {
    boolean stream = body.flag("stream");
    return new Writing(
        stream,
        includeUsage(body, stream),
        body.flag("return_progress") && stream,
        body.flag("timings_per_token") && stream,
        body.flag("return_token_ids"),
        body.string("service_tier"));
  }

  private static boolean includeUsage(Fields body, boolean stream) {
    Optional<Fields> options = body.object("stream_options", OpenAiFields.STREAM_OPTIONS);
    if (options.isEmpty()) {
      return false;
    }
    if (!stream) {
      throw Params.invalidValue(
          "stream_options", "'stream_options' is only allowed when 'stream' is true.");
    }
    boolean includeUsage = options.get().flag("include_usage");
    options.get().settle(false);
    return includeUsage;
  }
}
