package io.solebox.app.usage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.server.limits.Used;
import io.solebox.server.usage.UsageNames;
import io.solebox.server.usage.UsageQuery.By;
import io.solebox.server.usage.UsageRow;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UsageTableTest {
  private static final UsageNames NAMES =
      new UsageNames(Map.of("u_1", "ann, the first"), Map.of("k_1", "laptop"));

  private static final List<UsageRow> ROWS =
      List.of(
          new UsageRow(List.of("u_1", "m"), new Used(2, 30, 10, 20)),
          new UsageRow(List.of("u_2", "m"), new Used(1, 20, 0, 5)));

  @Test
  void peopleSeeNamesAndBars() {
    List<String> lines = new UsageTable(List.of(By.USER, By.MODEL), NAMES).lines(ROWS);
    assertEquals(3, lines.size());
    assertTrue(lines.get(0).startsWith("USER"), lines::toString);
    assertTrue(lines.get(1).startsWith("ann, the first"), lines::toString);
    assertTrue(lines.get(1).endsWith("█".repeat(24)), lines::toString);
    assertTrue(lines.get(2).endsWith(" " + "█".repeat(12)), lines::toString);
  }

  @ParameterizedTest
  @CsvSource({"0, 5, ''", "5, 5, ████████████████████████", "1, 192, ▏", "9, 192, █▏"})
  void barsHaveEighths(long value, long most, String bar) {
    assertEquals(bar, UsageTable.bar(value, most));
  }

  @Test
  void tablesOfCommasAreReadAsWritten() {
    assertEquals(
        List.of(
            "user,model,requests,prompt_tokens,cached_tokens,generated_tokens",
            "\"ann, the first\",m,2,30,10,20",
            "u_2,m,1,20,0,5"),
        new UsageCsv(List.of(By.USER, By.MODEL), NAMES).lines(ROWS));
    assertEquals("'=1+1", UsageCsv.cell("=1+1"));
    assertEquals("\"a\"\"b\"", UsageCsv.cell("a\"b"));
  }
}
