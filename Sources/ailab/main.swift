import LabEngine

print("ailab")
