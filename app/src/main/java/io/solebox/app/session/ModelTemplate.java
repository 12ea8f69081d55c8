package io.solebox.app.session;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.source.ModelSource;
import io.solebox.engine.source.file.ModelSources;
import java.nio.file.Path;

/** The chat template that a model's file brings along. */
public final class ModelTemplate {
  private static final String TEMPLATE_KEY = "tokenizer.chat_template";

  private ModelTemplate() {}

  /**
   * The template as it is written.
   *
   * @param remedy for a model that has none
   * @throws SoleboxException {@code BAD_TEMPLATE} if the model has none
   */
  public static String source(Path path, String remedy) {
    try (var source = ModelSources.open(path, ModelSource.Access.MAPPED)) {
      if (!source.metadata().has(TEMPLATE_KEY)) {
        throw new SoleboxException(
            ErrorCode.BAD_TEMPLATE, path.toString(), "The file has no chat template.", remedy);
      }
      return source.metadata().string(TEMPLATE_KEY);
    }
  }
}
