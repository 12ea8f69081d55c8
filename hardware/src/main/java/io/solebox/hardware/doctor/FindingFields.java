package io.solebox.hardware.doctor;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Findings as maps, lists, texts and numbers, in the order in which JSON shows them. */
public final class FindingFields {
  private FindingFields() {}

  /** All of them. */
  public static List<Map<String, Object>> of(List<Finding> findings) {
    return findings.stream().map(FindingFields::of).toList();
  }

  private static Map<String, Object> of(Finding finding) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("id", finding.id());
    fields.put("device", finding.device().orElse(null));
    fields.put("verdict", finding.verdict().word());
    fields.put("message", finding.message());
    fields.put("evidence", finding.evidence().stream().map(FindingFields::of).toList());
    fields.put("remedy", said(finding.remedy()).orElse(null));
    fields.put("verify", said(finding.verify()).orElse(null));
    fields.put("caused_by", finding.causedBy().orElse(null));
    return fields;
  }

  private static Optional<String> said(String text) {
    return Optional.of(text).filter(each -> !each.isEmpty());
  }

  private static Map<String, Object> of(Evidence evidence) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("file", evidence.file());
    fields.put("line", evidence.line() > 0 ? evidence.line() : null);
    fields.put("text", evidence.text());
    return fields;
  }
}
