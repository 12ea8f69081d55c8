package io.solebox.server.openai;

import io.solebox.engine.answer.TextStream.Piece;
import io.solebox.engine.answer.TextStream.PlacedToken;
import io.solebox.engine.generation.Generation.FinishReason;
import io.solebox.engine.generation.Generation.Usage;
import java.util.List;
import java.util.Optional;

/** How an answer is written, whole or in chunks; each result is one JSON text on one line. */
interface AnswerFormat {
  /** One of the texts of an answer, whole. */
  record Choice(String text, List<PlacedToken> tokens, FinishReason reason) {}

  /** What a stream begins with, before any text. */
  Optional<byte[]> firstChunk();

  /**
   * @param index of the choice
   */
  byte[] chunk(int index, Piece piece);

  byte[] lastChunk(int index, FinishReason reason);

  byte[] usageChunk(Usage usage);

  byte[] whole(List<Choice> choices, Usage usage);
}
