package io.solebox.server.openai;

import io.solebox.engine.answer.TextStream.Piece;
import io.solebox.engine.answer.TextStream.PlacedToken;
import io.solebox.engine.generation.Generation.FinishReason;
import io.solebox.engine.generation.Generation.Usage;
import java.util.List;
import java.util.Optional;

/** How an answer is written, whole or in chunks; each result is one JSON text on one line. */
public interface AnswerFormat {
  /** What a stream begins with, before any text. */
  Optional<byte[]> firstChunk();

  byte[] chunk(Piece piece);

  byte[] lastChunk(FinishReason reason);

  byte[] usageChunk(Usage usage);

  byte[] whole(String text, List<PlacedToken> tokens, FinishReason reason, Usage usage);
}
