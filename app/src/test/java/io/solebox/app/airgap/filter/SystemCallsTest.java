package io.solebox.app.airgap.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** The table says what the kernel's headers say. */
class SystemCallsTest {
  private static final Path X86_64 = Path.of("/usr/include/x86_64-linux-gnu/asm/unistd_64.h");

  /** Of the calls that all architectures number alike, those of ARM64 among them. */
  private static final Path GENERIC = Path.of("/usr/include/asm-generic/unistd.h");

  private static final Pattern NUMBER =
      Pattern.compile("(?m)^#define __NR(?:3264)?_(\\w+) +(\\d+)$");

  /** Calls that kernels have no longer, or never had, on x86-64. */
  private static final Set<String> GONE =
      Set.of(
          "uselib",
          "_sysctl",
          "create_module",
          "get_kernel_syms",
          "query_module",
          "nfsservctl",
          "getpmsg",
          "putpmsg",
          "afs_syscall",
          "tuxcall",
          "security",
          "lookup_dcookie",
          "epoll_ctl_old",
          "epoll_wait_old",
          "vserver");

  /** The newest call of the table, which both architectures number alike. */
  private static final int LAST = SystemCalls.of(Architecture.ARM64).number("file_setattr");

  @Test
  void x86HasTheNumbersOfItsHeader() throws IOException {
    Map<String, Integer> header = header(X86_64);
    Map<String, Integer> table = SystemCalls.of(Architecture.X86_64).numbers();
    header.forEach(
        (name, number) -> {
          // Calls that came after the table are as if there were none.
          if (!GONE.contains(name) && number <= LAST) {
            assertEquals(number, table.get(name), name);
          }
        });
    assertTrue(new TreeSet<>(table.keySet()).containsAll(common()), "all of ARM64's are there");
  }

  @Test
  void armHasTheNumbersOfTheGenericHeader() throws IOException {
    Map<String, Integer> header = header(GENERIC);
    Map<String, Integer> table = SystemCalls.of(Architecture.ARM64).numbers();
    // The header has calls of 32-bit architectures and two marks besides.
    table.forEach(
        (name, number) -> {
          if (number < header.get("syscalls")) {
            assertEquals(header.get(headerName(name)), number, name);
          }
        });
  }

  /** What 64-bit architectures call by another name than the header's first. */
  private static String headerName(String name) {
    return name.equals("newfstatat") ? "fstatat" : name;
  }

  private static Set<String> common() {
    return SystemCalls.of(Architecture.ARM64).numbers().keySet();
  }

  private static Map<String, Integer> header(Path file) throws IOException {
    Assumptions.assumeTrue(Files.exists(file), "SKIPPED: there is no " + file);
    var numbers = new TreeMap<String, Integer>();
    NUMBER
        .matcher(Files.readString(file))
        .results()
        .forEach(r -> numbers.put(r.group(1), Integer.valueOf(r.group(2))));
    return numbers;
  }
}
