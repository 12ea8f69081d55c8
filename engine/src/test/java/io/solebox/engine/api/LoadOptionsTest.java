package io.solebox.engine.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.backend.KvBlocks;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Numbers at the edge of what can be asked for. */
class LoadOptionsTest {
  private static void assertRefused(ErrorCode code, Executable load) {
    assertEquals(code, assertThrows(SoleboxException.class, load).code());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
  void nothingIsNotEnough(int value) {
    LoadOptions options = LoadOptions.defaults();
    assertRefused(ErrorCode.INVALID_PARAMETER, () -> options.withContext(value));
    assertRefused(ErrorCode.INVALID_PARAMETER, () -> options.withParallel(value));
    assertRefused(ErrorCode.INVALID_PARAMETER, () -> options.withStepTokens(value));
    assertRefused(ErrorCode.INVALID_PARAMETER, () -> Engine.open("reference", value));
  }

  @Test
  void thereIsAMost() {
    LoadOptions options = LoadOptions.defaults();
    options.withContext(Integer.MAX_VALUE).withParallel(LoadOptions.MAX_PARALLEL);
    assertRefused(
        ErrorCode.INVALID_PARAMETER, () -> options.withParallel(LoadOptions.MAX_PARALLEL + 1));
    assertRefused(ErrorCode.INVALID_PARAMETER, () -> options.withStepTokens(Integer.MAX_VALUE));
    assertRefused(
        ErrorCode.INVALID_PARAMETER, () -> Engine.open("reference", Engine.MAX_THREADS + 1));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 31, 32, 33, 1 << 30, Integer.MAX_VALUE - 30, Integer.MAX_VALUE})
  void blocksHoldAllTokens(int tokens) {
    long held = (long) KvBlocks.forTokens(tokens) * KvBlocks.TOKENS;
    assertTrue(held >= tokens && held - tokens < KvBlocks.TOKENS);
  }
}
