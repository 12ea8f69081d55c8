package io.solebox.server.openai;

import io.solebox.engine.answer.AnswerEvent.Part;
import io.solebox.engine.answer.AnswerEvent.Reason;
import io.solebox.engine.answer.AnswerEvent.Token;
import io.solebox.engine.answer.WholeAnswer;
import java.util.List;
import java.util.Optional;

/** How an answer is written, whole or in chunks; each result is one JSON text on one line. */
interface AnswerFormat {
  /** What a stream begins with, before anything is said. */
  Optional<byte[]> firstChunk();

  /**
   * @param index of the choice
   * @param tokens those that came since the chunk before
   * @return empty where there are no words for it; the tokens then go with the next chunk
   */
  Optional<byte[]> chunk(int index, Part part, List<Token> tokens);

  byte[] lastChunk(int index, Reason reason);

  byte[] usageChunk(UsageCount usage);

  /**
   * @param choices complete
   */
  byte[] whole(List<WholeAnswer> choices, UsageCount usage);
}
