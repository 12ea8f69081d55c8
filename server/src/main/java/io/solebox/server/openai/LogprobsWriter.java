package io.solebox.server.openai;

import io.solebox.engine.answer.AnswerEvent.Token;
import io.solebox.engine.generation.Generation.Candidate;
import io.solebox.engine.generation.Generation.Logprobs;
import io.solebox.server.answers.TokenParts;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.core.JsonGenerator;

/** Log-probabilities in the formats of both endpoints. */
record LogprobsWriter(TokenParts parts, boolean withTop) {
  /** {@code {"content": [{"token", "logprob", "bytes", "top_logprobs"}], "refusal": null}}. */
  void writeChat(JsonGenerator out, List<Token> tokens) {
    out.writeStartObject();
    out.writeArrayPropertyStart("content");
    for (Token token : tokens) {
      Logprobs logprobs = token.logprobs().orElseThrow();
      out.writeStartObject();
      writeToken(out, token.id(), logprobs.chosen());
      out.writeArrayPropertyStart("top_logprobs");
      for (Candidate candidate : logprobs.top()) {
        out.writeStartObject();
        writeToken(out, candidate.id(), candidate.logprob());
        out.writeEndObject();
      }
      out.writeEndArray();
      out.writeEndObject();
    }
    out.writeEndArray();
    out.writeNullProperty("refusal");
    out.writeEndObject();
  }

  private void writeToken(JsonGenerator out, int id, float logprob) {
    out.writeStringProperty("token", parts.text(id));
    out.writeNumberProperty("logprob", TokenParts.finite(logprob));
    out.writeName("bytes");
    writeBytes(out, id);
  }

  private void writeBytes(JsonGenerator out, int id) {
    out.writeStartArray();
    parts.bytes(id).forEach(b -> out.writeNumber((long) b));
    out.writeEndArray();
  }

  /**
   * {@code {"tokens", "token_logprobs", "top_logprobs", "text_offset", "bytes"}}; the bytes are an
   * addition, because a token can be a part of a character.
   */
  void writeCompletion(JsonGenerator out, List<Token> tokens) {
    out.writeStartObject();
    out.writeArrayPropertyStart("tokens");
    tokens.forEach(token -> out.writeString(parts.text(token.id())));
    out.writeEndArray();
    out.writeArrayPropertyStart("token_logprobs");
    tokens.forEach(token -> writeChosen(out, token));
    out.writeEndArray();
    out.writeName("top_logprobs");
    writeTop(out, tokens);
    out.writeArrayPropertyStart("text_offset");
    tokens.forEach(token -> out.writeNumber(token.offset()));
    out.writeEndArray();
    out.writeArrayPropertyStart("bytes");
    tokens.forEach(token -> writeBytes(out, token.id()));
    out.writeEndArray();
    out.writeEndObject();
  }

  /** The first token of a prompt has nothing before it, and no probability. */
  private static void writeChosen(JsonGenerator out, Token token) {
    if (token.logprobs().isPresent()) {
      out.writeNumber(TokenParts.finite(token.logprobs().get().chosen()));
    } else {
      out.writeNull();
    }
  }

  private void writeTop(JsonGenerator out, List<Token> tokens) {
    if (!withTop) {
      out.writeNull();
      return;
    }
    out.writeStartArray();
    for (Token token : tokens) {
      if (token.logprobs().isEmpty()) {
        out.writeNull();
        continue;
      }
      out.writeStartObject();
      Set<String> written = new HashSet<>();
      for (Candidate candidate : token.logprobs().get().top()) {
        String text = parts.text(candidate.id());
        if (written.add(text)) { // of tokens that look the same, the likeliest
          out.writeNumberProperty(text, TokenParts.finite(candidate.logprob()));
        }
      }
      out.writeEndObject();
    }
    out.writeEndArray();
  }
}
