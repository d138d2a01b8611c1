package import LabSupport

extension Theme {
    /// What a notice calls it.
    package var name: Text {
        switch self {
        case .standard: Text(en: "standard", zh: "标准")
        case .contrast: Text(en: "high contrast", zh: "高对比度")
        case .colorBlind: Text(en: "blue and orange, for color blindness", zh: "蓝与橙，便于色觉障碍者辨认")
        case .mono: Text(en: "none", zh: "无颜色")
        }
    }
}
