package io.solebox.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.error.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code solebox users ...} and the API keys of {@code solebox keys ...}, without a server. */
class UsersCommandTest {
  @TempDir private Path home;

  private CliRunner.Result ok(String... arguments) {
    var result = new CliRunner(home).run(arguments);
    assertEquals(0, result.exitCode(), result.err());
    return result;
  }

  private String refusal(String... arguments) {
    var result = new CliRunner(home).run(arguments);
    assertEquals(1, result.exitCode(), result.err());
    assertTrue(
        result.err().contains("[" + ErrorCode.INVALID_PARAMETER.wireName() + "]"), result.err());
    return result.err();
  }

  private void addAnna() {
    var added =
        new CliRunner(home)
            .stdin("violet-otter-lamp\n")
            .run("users", "add", "anna", "--role", "admin", "--password-stdin");
    assertEquals(0, added.exitCode(), added.err());
    assertFalse((added.out() + added.err()).contains("violet"), added.err());
  }

  @Test
  void peopleComeAndGo() throws IOException {
    assertTrue(refusal("users", "add", "ben").contains("--role admin"));
    addAnna();
    var ben = ok("users", "add", "ben", "--json").object();
    assertTrue(((String) ben.get("code")).matches("[0-9A-Z]{5}(-[0-9A-Z]{5}){4}"), ben::toString);
    ok("users", "groups", "set", "family", "--models", "small* tiny", "--limits", "rpm=6");
    assertEquals("family", ok("users", "group", "ben", "family", "--json").object().get("group"));
    assertNull(ok("users", "group", "ben", "--json").object().get("group"));
    assertEquals("viewer", ok("users", "role", "BEN", "viewer", "--json").object().get("role"));
    assertEquals("disabled", ok("users", "disable", "ben", "--json").object().get("state"));
    assertEquals("active", ok("users", "enable", "ben", "--json").object().get("state"));
    assertEquals("rpm=3", ok("users", "limits", "ben", "rpm=3", "--json").object().get("limits"));
    assertTrue(ok("users", "ls").out().contains("viewer"));
    assertEquals(
        List.of("anna", "ben"),
        ok("users", "ls", "--json").rows().stream().map(row -> row.get("name")).toList());
    assertTrue(ok("users", "reset", "ben").out().matches("[0-9A-Z-]{29}\\n"));
    assertTrue(ok("users", "show", "ben").out().contains("viewer"));
    Path alone = home.resolve("alone.zip");
    assertEquals(
        "ben", ok("users", "export", "ben", alone.toString(), "--json").object().get("user"));
    assertTrue(Files.size(alone) > 0);
    assertTrue(new CliRunner(home).run("users", "export", "ben", alone.toString()).exitCode() > 0);
    Path export = home.resolve("ben.zip");
    ok("users", "rm", "ben", "--export", export.toString());
    assertTrue(Files.exists(export));
    assertTrue(refusal("users", "show", "ben").contains("users ls"));
    assertTrue(refusal("users", "rm", "anna").contains("last administrator"));
  }

  @Test
  void whoMustBringMoreThanAPassword() {
    addAnna();
    assertTrue(ok("users", "factors").out().contains("Required of: nobody"));
    var rules = ok("users", "factors", "anna", "--require", "role:admin", "--json").object();
    assertEquals(List.of("role:admin"), rules.get("required"));
    assertTrue(rules.toString().contains("required=true"), rules::toString);
    assertTrue(refusal("users", "factors", "--require", "group:none").contains("no group"));
    assertTrue(refusal("users", "factors", "--require", "king").contains("role:admin"));
    ok("users", "factors", "anna", "--reset", "--require", "none");
    assertTrue(refusal("users", "factors", "ben", "--reset").contains("ben"));
    assertEquals(2, new CliRunner(home).run("users", "factors", "--reset").exitCode());
    assertTrue(refusal("users", "factors", "anna", "--remove", "app").contains("no 'app'"));
    assertEquals(2, new CliRunner(home).run("users", "factors", "--remove", "app").exitCode());
  }

  @Test
  void peopleAreInvited() {
    addAnna();
    ok("users", "groups", "set", "family", "--keep", "0");
    var code = ok("users", "invite", "cleo", "--group", "family", "--expires", "12h").out();
    assertEquals(30, code.length());
    var open = ok("users", "codes", "--json").rows().getFirst();
    assertEquals("cleo", open.get("name"));
    assertFalse(open.containsValue(code.strip()));
    assertTrue(ok("users", "codes").out().contains("invitation"));
    assertEquals(
        List.of(), ok("users", "codes", "--withdraw", (String) open.get("id"), "--json").rows());
    assertEquals(0L, ok("users", "groups", "ls", "--json").rows().getFirst().get("keep_days"));
    assertEquals(false, ok("users", "sign-up", "--json").object().get("sign_up"));
    assertEquals(true, ok("users", "sign-up", "on", "--json").object().get("sign_up"));
    ok("users", "groups", "rm", "family");
  }

  @Test
  void keysOfBothKindsAreListedApart() {
    addAnna();
    ok("keys", "make", "acme");
    var made =
        ok(
                "keys",
                "add",
                "anna",
                "--name",
                "ci",
                "--routes",
                "chat models",
                "--expires",
                "90d",
                "--receipt",
                "--json")
            .object();
    String secret = (String) made.get("key");
    assertTrue(secret.startsWith("sb-"), secret);
    assertEquals(true, made.get("receipt"));
    var rows = ok("keys", "ls", "--json").rows();
    assertEquals(List.of("signs", "api"), rows.stream().map(row -> row.get("use")).toList());
    assertFalse(rows.toString().contains(secret));
    assertEquals(true, rows.getLast().get("receipt"));
    String listed = ok("keys", "ls").out();
    assertTrue(listed.contains("API keys") && listed.contains("chat models"), listed);
    ok("keys", "revoke", (String) made.get("id"));
    assertEquals(1, ok("keys", "ls", "--json").rows().size());
    refusal("keys", "revoke", (String) made.get("id"));
    refusal("keys", "add", "anna", "--routes", "nonsense");
    refusal("keys", "add", "nobody");
    var never = new CliRunner(home).run("keys", "add", "anna", "--expires", "soon");
    assertEquals(2, never.exitCode());
  }

  @Test
  void whatWasDoneIsInTheAuditLog() {
    addAnna();
    ok("keys", "add", "anna");
    String log = ok("audit", "ls", "--json").out();
    assertTrue(log.contains("user.add") && log.contains("key.add"), log);
    assertTrue(log.contains("(console)"), log);
    ok("audit", "verify");
  }
}
