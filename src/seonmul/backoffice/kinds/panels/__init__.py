"""What stands beside the thread of an inquiry and acts on its matter, one file a type. H3"""
