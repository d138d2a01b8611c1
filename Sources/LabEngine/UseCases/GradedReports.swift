package import LabReport

/// Reads submitted reports: files, and folders of them. It needs no workspace.
package func gradedReports(_ paths: [String]) -> Grading { Grading(paths) }
