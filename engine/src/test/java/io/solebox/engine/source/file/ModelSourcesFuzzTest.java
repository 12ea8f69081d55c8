package io.solebox.engine.source.file;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.source.ModelSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a file begins with, it is said on one line what it is and what to do. */
@EnabledIfEnvironmentVariable(named = "JAZZER_FUZZ", matches = "1")
class ModelSourcesFuzzTest {
  @TempDir Path folder;

  static Stream<byte[]> beginnings() {
    return Stream.of(
            "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 4683073184\n",
            "<!DOCTYPE html><html><head><title>Log in</title>",
            "PK\u0003\u0004\u0014\0\0\0\0\0AAAAAAAAAAAAAAAA\u0010\0\0\0archive/data.pkl",
            "\u0010\0\0\0\0\0\0\0{\"a\":{}}        ",
            "\u00e1\0\0\0\u0013\0\0\0blk.0.attn_q.weight",
            "\n\u000e\n\u0005<unk>",
            "{\"error\":\"no\"}",
            "tjgg\u0003\0\0\0")
        .map(text -> text.getBytes(StandardCharsets.ISO_8859_1));
  }

  @MethodSource("beginnings")
  @Timeout(60)
  @FuzzTest(maxDuration = "6s", maxExecutions = 20_000)
  void anyBeginning(byte[] bytes) throws IOException {
    Path path = Files.write(folder.resolve("any.gguf"), bytes);
    try (ModelSource source = ModelSources.open(path, ModelSource.Access.MAPPED)) {
      assertTrue(source.fileBytes() > 0);
    } catch (SoleboxException e) {
      assertFalse(e.remedy().isBlank(), e.describe());
      assertTrue(e.describe().chars().noneMatch(Character::isISOControl), e.describe());
      assertTrue(e.describe().length() < 1500, e.describe());
    }
  }
}
