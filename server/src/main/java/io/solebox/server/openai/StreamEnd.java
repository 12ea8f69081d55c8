package io.solebox.server.openai;

import io.solebox.engine.json.JsonWriter;
import io.solebox.server.answers.AnswerUsage;
import io.solebox.server.http.EventStream;
import io.solebox.server.http.Problem;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/**
 * How streams of both endpoints end.
 *
 * @param object of the chunks
 */
record StreamEnd(JsonWriter json, AnswerHead head, String object) {
  private static final byte[] DONE = "[DONE]".getBytes(StandardCharsets.US_ASCII);

  void write(AnswerUsage usage, EventStream out) {
    if (head.includeUsage()) {
      out.send(usageChunk(usage));
    }
    usage.receipt().ifPresent(receipt -> out.send(receiptChunk(receipt)));
    out.send(DONE);
  }

  private byte[] receiptChunk(Map<String, Object> receipt) {
    return json.write(
        chunk -> {
          chunk.writeStartObject();
          head.write(chunk, object);
          chunk.writeArrayPropertyStart("choices");
          chunk.writeEndArray();
          head.writeNoUsage(chunk);
          UsageWriter.writeReceipt(chunk, Optional.of(receipt));
          chunk.writeEndObject();
        });
  }

  private byte[] usageChunk(AnswerUsage usage) {
    return json.write(
        chunk -> {
          chunk.writeStartObject();
          head.write(chunk, object);
          chunk.writeArrayPropertyStart("choices");
          chunk.writeEndArray();
          UsageWriter.write(chunk, usage);
          chunk.writeEndObject();
        });
  }

  /** The status is sent; what is left is an event that clients take for an error. */
  void breakOff(Problem problem, EventStream out) {
    out.send(new OpenAiProblems(json).write(problem, ""));
  }
}
