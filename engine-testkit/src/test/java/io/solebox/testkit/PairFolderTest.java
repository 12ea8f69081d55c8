package io.solebox.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.api.Engine;
import io.solebox.engine.api.LoadOptions;
import io.solebox.engine.api.LoadedModel;
import io.solebox.engine.backend.KvType;
import io.solebox.engine.backend.Progress;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.tokenizer.Tokenizer.Specials;
import io.solebox.testkit.GoldenModels.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders of models that judge a text by a question. */
class PairFolderTest {
  private static final int WORDS = 128;

  @TempDir Path scratch;

  private static LoadedModel load(Engine engine, Path folder) throws InterruptedException {
    var options = LoadOptions.defaults().withKvType(KvType.F32);
    return engine.load(folder, options, Progress.none());
  }

  /** The rest of what a score is made of is held to transformers by {@link FolderConformance}. */
  @Test
  void theSecondTextIsOfTheSecondType() throws InterruptedException {
    Path folder = ModelFolders.of(Weights.of("bert-pair", "f32"), scratch);
    try (Engine engine = Engine.open("reference", 1);
        LoadedModel model = load(engine, folder)) {
      int[] ids = model.pairs().encode("the", "in");
      int[] alone = model.tokenizer().encode("the", Specials.AS_TEXT, true);
      for (int i = 0; i < ids.length; i++) {
        assertEquals(i >= alone.length, ids[i] >= WORDS, Arrays.toString(ids));
      }
      assertTrue(Float.isFinite(model.rank(ids)));
    }
  }

  @Test
  void labelsThatAreNoScoreAreNamed() throws IOException, InterruptedException {
    Path folder = ModelFolders.of(Weights.of("qwen3-classifier", "f32"), scratch);
    try (Engine engine = Engine.open("reference", 1)) {
      try (LoadedModel model = load(engine, folder)) {
        model.requireRanking();
      }
      Path judge = scratch.resolve("judge");
      Files.createDirectory(judge);
      try (Stream<Path> files = Files.list(folder)) {
        for (Path file : files.toList()) {
          Files.copy(file, judge.resolve(file.getFileName()));
        }
      }
      Path config = judge.resolve("config.json");
      String text = Files.readString(config).replaceFirst("\"LABEL_0\"", "\"yes\", \"1\": \"no\"");
      Files.writeString(config, text);
      var e = assertThrows(SoleboxException.class, () -> load(engine, judge).close());
      assertTrue(e.describe().contains("names 2 labels of 1"), e.describe());
    }
  }
}
